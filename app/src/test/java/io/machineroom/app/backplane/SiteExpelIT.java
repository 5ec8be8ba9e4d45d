package io.machineroom.app.backplane;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.machineroom.ports.PortException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** W-37: who led a site of three and was replaced gets in until it is expelled, then nowhere, and the site goes on. */
final class SiteExpelIT extends StandbysStage {
    private TestNode follower;

    @Test
    @Timeout(500)
    void w37AnExpelledLeaderIsLetInByNoBrokerOfTheSite() throws Exception {
        add("acme", "plant", "old", freePort());
        TestNode old = enrolled("acme", "plant", "old");
        follower = enrolled("acme", "plant", "n0");
        backplane.command(site("leader", "acme", "plant", "boss1"));
        giveStandbys();
        List<AgentProcess> leaders =
                List.of(agent("boss1", HEARS_SOON), agent("boss2", HEARS_SOON), agent("boss3", HEARS_SOON));
        carrier(leaders);
        AgentProcess node = agent("n1", HEARS_SOON);
        node.await("at its site", () -> node.link().equals("nats"));
        new Deployment(backplane, directory).deploy("beater");
        goesOn(node);

        List<String> brokers = follower.renew().texts("nats_urls");
        assertEquals(3, brokers.size());
        for (String broker : brokers) {
            assertEquals(Optional.empty(), refusal(old, broker), "before, its user is good at " + broker);
        }
        String said = backplane.command(site("expel", "acme", "plant", "--offline", backplane.offline.toString()));
        assertEquals("site plant of acme: 1 former leader is expelled", said.strip());
        for (String broker : brokers) {
            leaders.getFirst()
                    .await(
                            "it is refused by " + broker,
                            () -> refusal(old, broker).equals(Optional.of("link.unauthorized")));
        }
        carrier(leaders);
        for (AgentProcess leader : leaders) {
            leader.await(
                    "all are seen", () -> leader.leads().list("places_seen").size() == 3);
        }
        goesOn(node);
        nothingIsLost("boss1", "boss2", "boss3", "n1");
    }

    /** Why a node does not get in with what it got as the leader; empty when it does. */
    private Optional<String> refusal(TestNode old, String broker) throws InterruptedException {
        String user =
                old.answer().obj("site_broker").flatMap(b -> b.text("user_jwt")).orElseThrow();
        try {
            old.nats(user, List.of(broker), follower.answer().texts("ca_pins")).close();
            return Optional.empty();
        } catch (PortException.Unavailable e) {
            return Optional.of(e.code());
        }
    }
}

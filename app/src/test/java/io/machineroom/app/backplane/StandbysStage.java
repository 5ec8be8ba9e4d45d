package io.machineroom.app.backplane;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.machineroom.ports.data.Value;
import java.util.List;
import java.util.Optional;

/** Sites whose leaders and followers are real processes; abstract because it holds no test. */
abstract class StandbysStage extends SiteStage {
    static final String[] HEARS_SOON = {"site.listen = 127.0.0.1", "site.news_interval = 2s"};

    static String place(String identity) throws java.io.IOException {
        return identity + "@127.0.0.1:" + freePort() + ":" + freePort() + ":" + freePort();
    }

    final void giveStandbys() throws java.io.IOException {
        backplane.command(site(
                "standby",
                "acme",
                "plant",
                place("boss2"),
                place("boss3"),
                "--force",
                "--route-port",
                Integer.toString(freePort())));
    }

    static boolean carries(AgentProcess leader) {
        try {
            return leader.leads().text("standing").equals(Optional.of("carrying"));
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    static AgentProcess carrier(List<AgentProcess> leaders) throws Exception {
        leaders.getFirst().await("one carries", () -> leaders.stream().anyMatch(StandbysStage::carries));
        return leaders.stream().filter(StandbysStage::carries).findFirst().orElseThrow();
    }

    final void goesOn(AgentProcess follower) throws Exception {
        long before = beats(follower.identity);
        follower.await("its beats are stored again", () -> beats(follower.identity) > before + 5);
        follower.await("receipts free its spool", () -> follower.waiting() >= 0 && follower.waiting() < 3);
    }

    final void nothingIsLost(String... nodes) {
        for (String node : nodes) {
            assertOnceAndInOrder(node);
        }
        for (Value.Obj row : backplane.documents("ledger", "--state", backplane.state.toString(), "--json")) {
            assertEquals(Optional.of(0L), row.whole("unknown"), row::toString);
        }
    }
}

package io.machineroom.app.backplane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** W-37 of the specification of streams: a site with three places, whose leaders and brokers are real processes. */
final class SiteStandbysIT extends StandbysStage {
    private Process holder;

    @AfterEach
    void stopHolder() throws InterruptedException {
        if (holder != null) {
            holder.descendants().forEach(ProcessHandle::destroyForcibly);
            holder.destroyForcibly().waitFor();
        }
    }

    private List<AgentProcess> leaders() throws Exception {
        add("acme", "plant", "boss1", freePort());
        giveStandbys();
        List<AgentProcess> leaders = new ArrayList<>();
        for (String identity : List.of("boss1", "boss2", "boss3")) {
            leaders.add(agent(identity, "site.listen = 127.0.0.1"));
        }
        for (AgentProcess leader : leaders) {
            leader.await("enrolled", () -> leader.says("mode", "provisioned"));
            leader.await(
                    "all are seen", () -> leader.leads().list("places_seen").size() == 3);
        }
        return leaders;
    }

    /** Takes the only slot, and keeps it until the test ends. */
    private void hold(AgentProcess node) throws Exception {
        holder = node.command(
                "governor",
                "run",
                "--config",
                node.config().toString(),
                "BACKUP",
                "--",
                "sh",
                "-c",
                "echo in; exec sleep 600");
        assertEquals('i', holder.getInputStream().read(), "no slot");
    }

    private static String slots(AgentProcess leader) throws Exception {
        return leader.output(
                "governor", "view", "--json", "--config", leader.config().toString(), "BACKUP");
    }

    private static void makeGovernor(AgentProcess leader) throws Exception {
        String made = leader.output(
                "governor",
                "add",
                "--json",
                "--config",
                leader.config().toString(),
                "--capacity",
                "1",
                "--expire",
                "10m",
                "BACKUP");
        assertTrue(made.contains("\"replicas\":3"), made);
    }

    /** Which of its stores the broker of a node used last. */
    private String storeOf(String identity) throws java.io.IOException {
        return Files.readString(directory.resolve(identity).resolve(Path.of("state", "site", "nats", "store.last")))
                .strip();
    }

    private static String kv(AgentProcess node, String action, String bucket) throws Exception {
        return node.output("kv", action, "--json", "--config", node.config().toString(), bucket);
    }

    /** From one place to three and back, while events flow. Nobody starts an agent anew. */
    @Test
    @Timeout(500)
    void streamsW37ASiteIsGivenStandbysAndGivesThemBackWhileItRuns() throws Exception {
        add("acme", "plant", "boss1", freePort());
        AgentProcess boss = agent("boss1", HEARS_SOON);
        boss.await("its site runs", () -> boss.leads().text("broker").equals(Optional.of("running")));
        List<AgentProcess> leaders = List.of(boss, agent("boss2", HEARS_SOON), agent("boss3", HEARS_SOON));
        AgentProcess follower = agent("n1", HEARS_SOON);
        for (AgentProcess node : List.of(leaders.get(1), leaders.get(2), follower)) {
            node.await("at its site", () -> node.link().equals("nats"));
        }
        new Deployment(backplane, directory).deploy("beater");
        goesOn(follower);
        String early = kv(boss, "add", "EARLY");
        assertTrue(early.contains("\"replicas\":1"), early);

        giveStandbys();
        for (AgentProcess leader : leaders) {
            leader.await(
                    "all are seen", () -> leader.leads().list("places_seen").size() == 3);
        }
        carrier(leaders);
        goesOn(follower);
        String made = kv(boss, "add", "NOTES");
        assertTrue(made.contains("\"replicas\":3"), made);

        takeStandbys(leaders);
        goesOn(follower);
        nothingIsLost("boss1", "boss2", "boss3", "n1");
        nothingOfBeforeIsBack(boss);
    }

    private void takeStandbys(List<AgentProcess> leaders) throws Exception {
        backplane.command(site("standby", "acme", "plant", "--none"));
        AgentProcess boss = leaders.getFirst();
        boss.await(
                "it leads alone",
                () -> boss.leads().text("broker").equals(Optional.of("running"))
                        && boss.leads().text("standing").isEmpty());
        for (AgentProcess node : leaders.subList(1, 3)) {
            node.await(
                    "it follows",
                    () -> node.leads().fields().isEmpty() && node.link().equals("nats"));
        }
    }

    private void nothingOfBeforeIsBack(AgentProcess boss) throws Exception {
        assertEquals("store", storeOf("boss1"));
        assertEquals("none", storeOf("boss2"), "what it kept is old when it leads again");
        for (String gone : List.of("EARLY", "NOTES")) {
            String said = kv(boss, "status", gone);
            assertTrue(said.contains("bucket.missing"), "its store of before is back: " + said);
        }
    }

    @Test
    @Timeout(500)
    void streamsW37TheSiteGoesOnWhenThePlaceThatCarriesIsLost() throws Exception {
        List<AgentProcess> leaders = leaders();
        AgentProcess first = carrier(leaders);
        AgentProcess follower = agent("n1");
        follower.await("enrolled", () -> follower.says("mode", "provisioned"));
        follower.await("at its site", () -> follower.link().equals("nats"));
        new Deployment(backplane, directory).deploy("beater");
        follower.await("its beats are stored", () -> beats("n1") > 3);
        makeGovernor(first);
        hold(follower);
        String held = slots(leaders.stream().filter(l -> l != first).findFirst().orElseThrow());
        assertTrue(held.contains("\"slot\":1"), held);

        long before = beats("n1");
        first.powerOff();
        List<AgentProcess> rest = leaders.stream().filter(l -> l != first).toList();
        AgentProcess second = carrier(rest);
        follower.await("its beats are stored again", () -> beats("n1") > before + 10);
        follower.await("receipts free its spool", () -> follower.waiting() >= 0 && follower.waiting() < 3);
        assertEquals(held, slots(second), "who held the slot holds it still");
        for (AgentProcess leader : rest) {
            leader.await(
                    "two are seen", () -> leader.leads().list("places_seen").size() == 2);
            assertOnceAndInOrder(leader.identity);
        }
        assertOnceAndInOrder("n1");

        first.start();
        first.await(
                "it stands by",
                () -> first.leads().text("standing").equals(Optional.of("standby"))
                        && first.leads().list("places_seen").size() == 3);
        assertTrue(carries(second), "who carries goes on");
        assertTrue(stored("n1").stream().allMatch(e -> e.text("site").equals(Optional.of("plant"))));
    }
}

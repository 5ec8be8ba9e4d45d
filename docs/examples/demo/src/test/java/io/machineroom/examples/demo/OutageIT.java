package io.machineroom.examples.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.data.Value;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class OutageIT {
    @TempDir
    Path directory;

    @Test
    @Timeout(360)
    void fallsBackToHttpsAndReturnsWithoutLossOrRepeat() throws Exception {
        try (Stage stage = Stage.open(directory)) {
            Node node = stage.enrolled("fallback1", Map.of());
            Scenes.deployTicker(stage, node, 40);
            for (int round = 0; round < 3; round++) {
                stage.saas().nats().cut();
                Workshop.await("fallback", Stage.SOON, () -> node.link().equals("https"));
                stage.saas().nats().mend();
                Workshop.await("return", Stage.SOON, () -> node.link().equals("nats"));
            }
            Books books = stage.settled(node);
            assertTrue(books.balanced(), books::toString);
            Scenes.assertLedgerBalances(stage, "fallback1", 0);
        }
    }

    @Test
    @Timeout(360)
    void machinesHealWhileTheSpoolIsFullAndEveryDropIsAVoid() throws Exception {
        try (Stage stage = Stage.open(directory)) {
            Node node = stage.enrolled("full1", Map.of("spool.max_bytes", "1MiB"));
            Scenes.deployTicker(stage, node, 200);
            stage.saas().nats().cut();
            stage.saas().https().cut();
            Workshop.await("events are dropped", Stage.SOON, () -> dropped(node) > 500);
            long before = node.servicePid();
            ProcessHandle.of(before).ifPresent(ProcessHandle::destroyForcibly);
            Workshop.await(
                    "the service is healed", Stage.SOON, () -> node.servicePid() != before && node.serviceAnswers());
            stage.saas().https().mend();
            stage.saas().nats().mend();
            Books books = stage.settled(node);
            assertEquals(0, books.lost(), books::toString);
            assertEquals(0, books.repeated(), books::toString);
            assertTrue(books.planned() > books.accepted(), books::toString);
            long voids = Scenes.assertLedgerBalances(stage, "full1", Long.MAX_VALUE).stream()
                    .mapToLong(Books::voids)
                    .sum();
            assertTrue(voids >= books.planned() - books.accepted(), () -> voids + " voids, " + books);
        }
    }

    private static long dropped(Node node) throws java.io.IOException {
        return node.status().obj("ledger").flatMap(l -> l.whole("void")).orElse(0L);
    }

    @Test
    @Timeout(300)
    void diskReserveStopsTheSpoolAndNotTheMachines() throws Exception {
        try (Stage stage = Stage.open(directory)) {
            Node node = stage.enrolled("reserve1", Map.of("spool.reserve", "1000GiB"));
            Scenes.deployTicker(stage, node, 5);
            Workshop.await("events are refused", Stage.SOON, () -> dropped(node) > 20);
            Value.Obj ledger = node.status().obj("ledger").orElse(Value.obj());
            assertEquals(0L, ledger.whole("accepted").orElse(-1L), ledger::toString);
            assertEquals(java.util.List.of(), node.lines(".accepted"));
            assertEquals("1.0.0", node.machine("keepalive"));
        }
    }
}

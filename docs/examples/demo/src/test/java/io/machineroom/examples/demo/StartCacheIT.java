package io.machineroom.examples.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class StartCacheIT {
    private static final List<String> NEEDED_AT_A_START = List.of(
            "io.nats.client.impl.NatsConnection ",
            "net.openhft.chronicle.queue.impl.single.SingleChronicleQueue ",
            "org.bouncycastle.math.ec.rfc8032.Ed25519 ",
            "sun.security.ssl.CertificateVerify ",
            "oshi.software.common.os.linux.nativefree.LinuxOperatingSystemNF ",
            "io.machineroom.domain.agent.ProvisionedMode ");

    @TempDir
    Path directory;

    @BeforeAll
    static void needsNats() {
        Stage.requireNats();
    }

    @Test
    @Timeout(240)
    void aVendorsAgentStartsFromWhatItsFirstStartRehearsed() throws Exception {
        try (Stage stage = Stage.open(directory)) {
            Path cache = directory.resolve("cache");
            Path classes = directory.resolve("classes.txt");
            Node node = stage.node("cached1", Map.of("log.file", "agent.log"));
            node.environment().put("MACHINE_ROOM_CACHE", cache.toString());
            startLinkStop(node);
            Workshop.await("the start-up cache is made", Duration.ofMinutes(2), () -> settled(cache));

            node.environment().put("MACHINE_ROOM_JVM_OPTIONS", "-Xlog:class+load:file=" + classes);
            startLinkStop(node);
            List<String> loaded = Files.readAllLines(classes);
            for (String name : NEEDED_AT_A_START) {
                assertTrue(
                        loaded.stream().anyMatch(l -> l.contains(name) && l.endsWith("shared objects file")),
                        name + "does not come from the cache");
            }
            assertEquals("", Files.readString(node.log()), "console");
        }
    }

    @Test
    @Timeout(120)
    void aCacheThatIsBrokenOrCannotBeWrittenIsPassedOverInSilence() throws Exception {
        try (Stage stage = Stage.open(directory)) {
            Path cache = directory.resolve("cache");
            Node node = stage.node("broken1", Map.of("log.file", "agent.log"));
            node.environment().put("MACHINE_ROOM_CACHE", cache.toString());
            startLinkStop(node);
            Workshop.await("the start-up cache is made", Duration.ofMinutes(2), () -> settled(cache));
            try (Stream<Path> files = Files.list(cache)) {
                Files.writeString(files.findFirst().orElseThrow(), "no cache at all");
            }
            startLinkStop(node);

            Path file = Files.writeString(directory.resolve("a-file"), "");
            node.environment()
                    .put("MACHINE_ROOM_CACHE", file.resolve("below-it").toString());
            startLinkStop(node);
            assertEquals("", Files.readString(node.log()), "console");
        }
    }

    private static void startLinkStop(Node node) throws Exception {
        Files.deleteIfExists(node.home().resolve("state/status.json"));
        node.start();
        Workshop.await("it is linked", Stage.SOON, () -> node.link().equals("nats"));
        assertTrue(node.stop());
    }

    /** One cache, and nothing of its making beside it. */
    private static boolean settled(Path cache) throws IOException {
        if (!Files.isDirectory(cache)) {
            return false;
        }
        try (Stream<Path> files = Files.list(cache)) {
            List<Path> there = files.toList();
            return there.size() == 1 && there.getFirst().toString().endsWith(".aot");
        }
    }
}

package io.machineroom.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.data.Value;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class RehearsalTest {
    @TempDir
    Path vendorsFolder;

    @Test
    @Timeout(60)
    void linksToItsOwnServerAndTouchesNothingElse() throws Exception {
        Set<String> asked = new ConcurrentSkipListSet<>();
        Set<String> logged = new ConcurrentSkipListSet<>();
        Handler listener = listener(logged);
        Logger keeper = Logger.getLogger("io.machineroom.domain.flow.LinkKeeper");
        keeper.addHandler(listener);
        Set<Path> before = temporary();
        String key = "ab".repeat(32);
        MachineRoom agent = MachineRoom.builder()
                .name("rehearsed")
                .version("1.0.0")
                .contact("nobody")
                .issuer(key)
                .signingKey(key)
                .setting("storage.directory", vendorsFolder.toString())
                .facts(() -> {
                    asked.add("facts");
                    return Value.obj();
                })
                .onReady(ready -> asked.add("ready"))
                .build();
        try {
            assertEquals(0, agent.run("rehearse"));
        } finally {
            keeper.removeHandler(listener);
        }
        assertTrue(logged.stream().anyMatch(line -> line.contains("link over")), logged::toString);
        assertEquals(Set.of(), asked, "what was asked of the vendor");
        assertFalse(Files.exists(vendorsFolder.resolve("spool")));
        try (Stream<Path> files = Files.list(vendorsFolder)) {
            assertEquals(List.of(), files.toList());
        }
        Set<Path> left = temporary();
        left.removeAll(before);
        assertEquals(Set.of(), left, "what is left in the temporary folder");
    }

    /** Folders of rehearsals; another one may be going on beside this test, and be gone meanwhile. */
    private static Set<Path> temporary() throws Exception {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.filter(f -> f.getFileName().toString().startsWith("machine-room-rehearsal-"))
                    .filter(Files::isDirectory)
                    .collect(Collectors.toCollection(java.util.HashSet::new));
        }
    }

    private static Handler listener(Set<String> into) {
        return new Handler() {
            @Override
            public void publish(LogRecord line) {
                into.add(String.valueOf(line.getMessage()));
            }

            @Override
            public void flush() {
                // nothing is kept back
            }

            @Override
            public void close() {
                // nothing is open
            }
        };
    }
}

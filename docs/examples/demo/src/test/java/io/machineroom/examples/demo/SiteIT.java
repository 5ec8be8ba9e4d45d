package io.machineroom.examples.demo;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The demonstration of a site, smaller: what {@code bin/demo --site} plays. */
class SiteIT {
    @TempDir
    Path directory;

    @Test
    @Timeout(900)
    void aSiteLosesNothingWhenItsLineIsCutItsLeaderKilledAndItsBrokersDataLost() throws Exception {
        Stage.requireNats();
        ByteArrayOutputStream told = new ByteArrayOutputStream();
        try (PrintStream out = new PrintStream(told, true, StandardCharsets.UTF_8)) {
            boolean good = new SiteDemo(Stage.workshop(directory), out, 40, Duration.ofSeconds(10)).play();
            assertTrue(good, () -> told.toString(StandardCharsets.UTF_8));
        }
    }
}

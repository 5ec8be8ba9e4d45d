package io.machineroom.app.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigLoaderTest {
    @TempDir
    Path dir;

    @Test
    void fillsInEveryDefaultWhenThereIsNoFile() {
        Config config = load(Map.of(), Map.of(), null);
        assertEquals(Duration.ofSeconds(30), config.duration("status.interval"));
        assertEquals(1L << 30, config.bytes("spool.max_bytes"));
        assertEquals(dir.resolve("machines"), config.path("machines.directory"));
        for (ConfigKey key : ConfigKeys.ALL) {
            if (!key.fallback().isEmpty()) {
                assertEquals("", ConfigValues.fault(key, key.fallback()), key.name());
            }
        }
    }

    /** The original ends with a panic. */
    @Test
    void streamsW40AStatusIntervalOfZeroIsRefused() {
        ConfigException e = assertThrows(ConfigException.class, () -> load(Map.of(), Map.of(), "status.interval=0\n"));
        assertTrue(String.valueOf(e.getMessage()).contains("out of bounds"), String.valueOf(e.getMessage()));
    }

    /** The original prints its whole configuration when a host is missing. */
    @Test
    void streamsW34AFaultShowsNothingOfTheOtherSettings() {
        ConfigException e = assertThrows(
                ConfigException.class,
                () -> load(Map.of(), Map.of(), "identity = hidden.example\nstatus.interval=never\n"));
        assertTrue(String.valueOf(e.getMessage()).contains("status.interval"), String.valueOf(e.getMessage()));
        assertFalse(String.valueOf(e.getMessage()).contains("hidden.example"), String.valueOf(e.getMessage()));
    }

    @Test
    void laterSourcesWin() {
        Map<String, String> saas = Map.of("status.interval", "20s", "alive.interval", "20s");
        Config config =
                load(saas, Map.of("MR_STATUS_INTERVAL", "5s"), "status.interval=10s\nregistration.interval = 90\n");
        assertEquals(Duration.ofSeconds(5), config.duration("status.interval"));
        assertEquals(Duration.ofSeconds(20), config.duration("alive.interval"));
        assertEquals(Duration.ofSeconds(90), config.duration("registration.interval"));
    }

    @Test
    void reportsEveryFaultAtOnceWithItsPlace() {
        ConfigException e = assertThrows(
                ConfigException.class,
                () -> load(
                        Map.of("storage.directory", "/elsewhere"),
                        Map.of("MR_SPOOL_MAX_BITES", "1"),
                        "status.intervall=3s\n\nspool.max_bytes=9\nevent.encoding=xml\nnonsense\n"));
        String all = String.valueOf(e.getMessage());
        assertEquals(6, e.problems().size(), all);
        assertTrue(all.contains("line 1") && all.contains("did you mean 'status.interval'"), all);
        assertTrue(all.contains("line 3") && all.contains("out of bounds: 1MiB to 1TiB"), all);
        assertTrue(all.contains("not one of protobuf, json"), all);
        assertTrue(all.contains("line 5") && all.contains("key=value"), all);
        assertTrue(all.contains("MR_SPOOL_MAX_BYTES"), all);
        assertTrue(all.contains("'storage.directory' may not be set here"), all);
    }

    @Test
    void readsChoriaKeysWithoutComplaint() {
        load(Map.of("plugin.choria.middleware_hosts", "broker:4222"), Map.of(), "collectives=choria\n");
    }

    @Test
    void leavesThePartManagedByTheAgentAlone() {
        Config config =
                load(Map.of(), Map.of(), "identity=a\n" + ConfigLoader.MANAGED_MARKER + "\nidentity=b\nwhat is this\n");
        assertEquals("a", config.text("identity").orElseThrow());
    }

    private Config load(
            Map<String, String> saas, Map<String, String> env, @org.jspecify.annotations.Nullable String file) {
        Path path = dir.resolve("agent.cfg");
        try {
            if (file != null) {
                Files.writeString(path, file);
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return new ConfigLoader(Map.of(), env).load(path, saas);
    }
}

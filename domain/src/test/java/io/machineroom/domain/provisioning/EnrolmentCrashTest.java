package io.machineroom.domain.provisioning;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.machineroom.domain.agent.AgentSettings;
import io.machineroom.domain.agent.FactoryReset;
import io.machineroom.ports.data.Secret;
import io.machineroom.ports.host.FileTree;
import io.machineroom.ports.security.KeyRole;
import io.machineroom.ports.sim.CarelessFiles;
import io.machineroom.ports.sim.CrashPoints;
import io.machineroom.ports.sim.SimDisk;
import io.machineroom.ports.sim.SimFiles;
import io.machineroom.ports.sim.SimJson;
import io.machineroom.ports.sim.SimKeyring;
import io.machineroom.ports.sim.SimSignatures;
import io.machineroom.ports.sim.SimTasks;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The power fails at every step of enrolling, renewing and resetting. */
final class EnrolmentCrashTest {
    private static final Path CONFIG = Path.of("/etc/agent");
    private static final Path STORAGE = Path.of("/var/agent");
    private static final Path MACHINES = Path.of("/var/machines");
    private static final String MARKER = "# --- managed ---";
    private static final int DRAWN = 800;

    private final SimTasks tasks = new SimTasks(1);
    private final SimDisk disk = new SimDisk(tasks.time(), 1);
    private final SimKeyring keyring = keys();
    private final SimFiles config = new SimFiles(disk, CONFIG);

    private SimKeyring keys() {
        SimKeyring keys = new SimKeyring(tasks.entropy());
        keys.put(KeyRole.IDENTITY, new byte[32]);
        keys.put(KeyRole.NATS_USER, new byte[32]);
        return keys;
    }

    private Enrolment enrolment(String state) {
        Map<String, String> configuration = new TreeMap<>();
        for (int i = 0; i < 150; i++) {
            configuration.put("plugin.setting." + i, "value of " + state + " number " + i);
        }
        return new Enrolment(
                "n1",
                keyring.publicKey(KeyRole.IDENTITY).orElseThrow(),
                keyring.publicNkey(KeyRole.NATS_USER).orElseThrow(),
                "one",
                state,
                Secret.of("a.b." + state),
                configuration,
                keyring.publicKey(KeyRole.IDENTITY).orElseThrow(),
                1,
                Secret.of("d.e." + state),
                List.of(),
                List.of(URI.create("https://gw:1")),
                List.of(),
                1,
                java.util.Optional.empty());
    }

    private EnrolmentStore store(FileTree files) {
        return new EnrolmentStore(files, new SimJson(), new SimSignatures(), keyring);
    }

    private String state(SimDisk after) {
        return switch (store(new SimFiles(after, CONFIG)).load()) {
            case EnrolmentStore.None _ -> "none";
            case EnrolmentStore.Present(Enrolment found) when found.equals(enrolment(found.site())) -> found.site();
            case EnrolmentStore.Present(Enrolment found) -> throw new AssertionError("a mix: " + found);
            case EnrolmentStore.Damaged damaged -> throw new AssertionError(damaged.reason());
        };
    }

    private CrashPoints points(String name) {
        return new CrashPoints(name, disk, tasks.time(), DRAWN);
    }

    @Test
    void theNodeIsEnrolledAsBeforeOrAsAfter() throws Exception {
        CrashPoints points = points("enrolment").begins("none");
        for (String state : List.of("first", "renewed", "moved", "back", "again", "last")) {
            points.change(state, () -> store(config).save(enrolment(state)));
        }
        points.cut(this::state).atLeast(2_000);
    }

    @Test
    void theCompatibilityFilesAreMadeWholeFromTheEnrolment() throws Exception {
        Enrolment last = enrolment("last");
        CrashPoints points = points("compatibility").begins("old");
        points.change("new", () -> {
            files(config).write(enrolment("first"));
            files(config).write(last);
        });
        points.cut(after -> {
                    SimFiles tree = new SimFiles(after, CONFIG);
                    files(tree).write(last);
                    String text = new String(tree.read("agent.cfg", 1 << 20).orElseThrow(), UTF_8);
                    String jwt = new String(tree.read("server.jwt", 1 << 20).orElseThrow(), UTF_8);
                    return text.contains("machine_room.site=last") && jwt.equals("a.b.last") ? "new" : "mixed";
                })
                .atLeast(300);
    }

    private CompatibilityFiles files(FileTree tree) {
        return new CompatibilityFiles(tree, keyring, "agent.cfg", MARKER);
    }

    @Test
    void theNonceStaysTheSameOnceItWasSent() throws Exception {
        CrashPoints points = points("nonce").begins("another");
        points.change("sent", () -> store(config).nonce(() -> "ab".repeat(32)));
        points.change("another", () -> store(config).forgetNonce());
        points.cut(after -> store(new SimFiles(after, CONFIG))
                                .nonce(() -> "cd".repeat(32))
                                .equals("ab".repeat(32))
                        ? "sent"
                        : "another")
                .atLeast(10);
    }

    @Test
    void aResetNodeIsNotEnrolledBeforeAnythingElseIsGone() throws Exception {
        SimFiles storage = new SimFiles(disk, STORAGE);
        SimFiles machines = new SimFiles(disk, MACHINES);
        store(config).save(enrolment("enrolled"));
        files(config).write(enrolment("enrolled"));
        storage.replace("spool/spool.id", "id".getBytes(UTF_8), 0600);
        storage.replace("parked/one", "event".getBytes(UTF_8), 0600);
        machines.replace("echo.current", "pointer".getBytes(UTF_8), 0600);
        AgentSettings.Paths paths = new AgentSettings.Paths(
                CONFIG.resolve("agent.cfg"),
                MARKER,
                STORAGE,
                MACHINES,
                CONFIG.resolve("facts.json"),
                CONFIG.resolve("status.json"),
                CONFIG.resolve("metrics.prom"),
                STORAGE.resolve("submission"));
        CrashPoints points = points("reset").begins("enrolled");
        points.change("none", () -> new FactoryReset(config, storage, machines, keys(), paths).run());
        points.cut(after -> {
                    String found = state(after);
                    boolean whole = new SimFiles(after, STORAGE).walk("").size() == 2
                            && new SimFiles(after, MACHINES).walk("").size() == 1;
                    return found.equals("enrolled") && !whole ? "enrolled with half of its files" : found;
                })
                .atLeast(10);
    }

    @Test
    void catchesAStoreThatWritesInPlace() throws Exception {
        CrashPoints points = points("in place").begins("none");
        FileTree inPlace = new CarelessFiles(config);
        points.change("first", () -> store(inPlace).save(enrolment("first")));
        assertThrows(AssertionError.class, () -> points.cut(this::state));
    }
}

package io.machineroom.domain.provisioning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.data.Secret;
import io.machineroom.ports.security.KeyRole;
import io.machineroom.ports.security.VerifyKey;
import io.machineroom.ports.sim.SimFiles;
import io.machineroom.ports.sim.SimKeyring;
import io.machineroom.ports.sim.SimTasks;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CompatibilityFilesTest {
    private static final String MARKER = "# --- managed ---";

    private final SimTasks tasks = new SimTasks(1);
    private final SimFiles files = SimFiles.fresh(tasks);
    private final SimKeyring keyring = new SimKeyring(tasks.entropy());
    private final VerifyKey.Ed25519 key = keyring.ensure(KeyRole.IDENTITY);
    private final CompatibilityFiles writer = new CompatibilityFiles(files, keyring, "agent.cfg", MARKER);

    CompatibilityFilesTest() {
        keyring.ensure(KeyRole.NATS_USER);
    }

    private Enrolment enrolment(String natsJwt, Map<String, String> configuration) {
        return new Enrolment(
                "n1",
                key,
                keyring.publicNkey(KeyRole.NATS_USER).orElseThrow(),
                "one",
                "north",
                Secret.of("a.b.c"),
                configuration,
                key,
                1,
                Secret.of(natsJwt),
                List.of(),
                List.of(URI.create("https://gw:1")),
                List.of(),
                1,
                java.util.Optional.empty());
    }

    private String text(String name) {
        return new String(files.read(name, 1 << 20).orElseThrow(), StandardCharsets.UTF_8);
    }

    @Test
    void keepsTheOperatorsLinesAndRewritesItsOwnPart() {
        files.replace("agent.cfg", "log.level=debug\n# mine".getBytes(StandardCharsets.UTF_8), 0644);
        writer.write(enrolment("", Map.of("status.interval", "5s", "alive.interval", "1m")));
        String expected = "log.level=debug\n# mine\n" + MARKER + "\nalive.interval=1m\nidentity=n1\n"
                + "machine_room.site=north\nplugin.choria.server.provision=false\nstatus.interval=5s\n";
        assertEquals(expected, text("agent.cfg"));
        writer.write(enrolment("", Map.of()));
        assertEquals(
                "log.level=debug\n# mine\n" + MARKER
                        + "\nidentity=n1\nmachine_room.site=north\nplugin.choria.server.provision=false\n",
                text("agent.cfg"));
        assertEquals("a.b.c", text("server.jwt"));
    }

    @Test
    void tellsWhichSettingsStoodInItsOwnPartWhereNobodyReadsThem() {
        files.replace("agent.cfg", "log.level=debug\n".getBytes(StandardCharsets.UTF_8), 0644);
        assertEquals(List.of(), writer.bring(enrolment("", Map.of("status.interval", "5s"))));
        String appended = text("agent.cfg") + "# mine\nsite.news_interval = 5s\nhunter2\nPass word=x\n";
        files.replace("agent.cfg", appended.getBytes(StandardCharsets.UTF_8), 0600);
        assertEquals(List.of("site.news_interval"), writer.bring(enrolment("", Map.of("status.interval", "9s"))));
        assertEquals(List.of(), writer.bring(enrolment("", Map.of("status.interval", "9s"))));
        assertTrue(text("agent.cfg").startsWith("log.level=debug\n" + MARKER));
    }

    @Test
    void saysNothingOfWhatAnotherRoleTakesAway() {
        writer.write(enrolment("", Map.of("machine_room.role", "follower", "machine_room.source.host", "boss:9222")));
        assertEquals(List.of(), writer.bring(enrolment("", Map.of("machine_room.role", "leader"))));
    }

    @Test
    void writesCredentialsWithJwtAndSeedAndRemovesThemWithoutNats() {
        writer.write(enrolment("x.y.z", Map.of()));
        String creds = text("nats.creds");
        assertTrue(creds.startsWith("-----BEGIN NATS USER JWT-----\nx.y.z\n------END NATS USER JWT------\n"), creds);
        assertTrue(creds.contains("-----BEGIN USER NKEY SEED-----\nSU"));
        assertEquals(0600, files.info("nats.creds").orElseThrow().mode());
        writer.write(enrolment("", Map.of()));
        assertTrue(files.info("nats.creds").isEmpty());
    }

    @Test
    void writesNothingThatIsAlreadySo() {
        writer.write(enrolment("x.y.z", Map.of()));
        int[] steps = {0};
        files.disk().beforeEachStep(s -> steps[0]++);
        writer.write(enrolment("x.y.z", Map.of()));
        assertEquals(0, steps[0]);
    }
}

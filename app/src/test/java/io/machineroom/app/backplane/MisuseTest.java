package io.machineroom.app.backplane;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the backplane's commands say to somebody who got them wrong; nothing runs here. */
final class MisuseTest {
    @TempDir
    private Path directory;

    private RunningBackplane backplane;
    private String state;
    private String offline;

    @BeforeEach
    void init() {
        backplane = new RunningBackplane(directory).init("acme");
        state = backplane.state.toString();
        offline = backplane.offline.toString();
    }

    private void says(String expected, int exit, String... args) {
        String told = backplane.complaintOf(exit, args);
        assertTrue(told.contains(expected), told);
    }

    @Test
    void namesTheOptionThatWasMeant() {
        says("did you mean --offline?", 64, "init", "--offlin", offline, "--customer", "one");
        says("unknown command 'custmer'; did you mean customer", 64, "custmer", "list");
        says("one argument too many: 'more'", 64, "customer", "list", "more");
        says("a command is needed: add or list", 64, "customer");
    }

    @Test
    void refusesABrokerThatCannotBeUsedBeforeItStarts() {
        says("--nats is tls://HOST:PORT", 64, "up", "--state", state, "--nats", "broker");
        says("--creds FILE", 64, "up", "--state", state, "--nats", "tls://user:sesame@broker.example:4222");
        says("need --nats", 64, "up", "--state", state, "--creds", "file");
        says("--nats-ca needs --creds", 64, "up", "--state", state, "--nats", "tls://b.example:4222", "--nats-ca", "f");
        says("[creds.absent]", 65, "up", "--state", state, "--nats", "tls://b.example:4222", "--creds", "none");
    }

    @Test
    void showsNoPasswordOfAUrl() {
        String told = backplane.complaintOf(64, "up", "--state", state, "--nats", "http://user:sesame@broker");
        assertFalse(told.contains("sesame"), told);
    }

    @Test
    void makesNoDirectoryWhereThereIsNoBackplane() {
        Path nowhere = directory.resolve("nowhere");
        says("[state.absent]", 65, "up", "--state", nowhere.toString());
        says("[state.absent]", 65, "status", "--state", nowhere.toString());
        says("[state.absent]", 65, "customer", "add", "one", "--state", nowhere.toString(), "--offline", offline);
        says("[offline.absent]", 65, "token", "--state", state, "--offline", nowhere.toString(), "--customer", "acme");
        says("[offline.absent]", 65, "renew", "--state", state, "--offline", nowhere.toString());
        assertFalse(Files.exists(nowhere));
    }

    @Test
    void saysWhereNothingCanBeWritten() {
        says("is a directory", 73, token(offline));
        says(
                "there is no directory",
                73,
                token(directory.resolve("no").resolve("t.jwt").toString()));
    }

    private String[] token(String out) {
        return new String[] {"token", "--state", state, "--offline", offline, "--customer", "acme", "--out", out};
    }

    @Test
    void saysWhatIsWrongWithASite() {
        String[] good = {"--state", state, "--offline", offline, "--leader", "boss", "--host", "h.example"};
        says("a command is needed: add, list, leader, standby, expel or remove", 64, "site");
        says("--leader", 64, "site", "add", "acme", "plant", "--state", state, "--offline", offline);
        says("[site.customer]", 77, with(good, "site", "add", "nobody", "plant"));
        says("[site.name]", 77, with(good, "site", "add", "acme", "Plant"));
        says("[site.place]", 77, with(good, "site", "add", "acme", "plant", "--port", "9223"));
        backplane.command(with(good, "site", "add", "acme", "plant"));
        says("[site.exists]", 77, with(good, "site", "add", "acme", "plant"));
        says("[site.absent]", 77, "site", "leader", "acme", "hall", "boss", "--state", state);
        says("[site.leader]", 77, "site", "leader", "acme", "plant", "a b", "--state", state);
        says("[site.absent]", 77, "site", "remove", "acme", "hall", "--state", state);
        says("[state.absent]", 65, "site", "list", "--state", offline);
        says(
                "[offline.absent]",
                65,
                "site",
                "add",
                "acme",
                "hall",
                "--state",
                state,
                "--offline",
                state,
                "--leader",
                "b",
                "--host",
                "h.example");
    }

    private static String[] with(String[] options, String... command) {
        return Stream.concat(Stream.of(command), Stream.of(options)).toArray(String[]::new);
    }

    @Test
    void triesAConditionAsNodesDo() throws Exception {
        Path facts = Files.writeString(directory.resolve("facts.json"), "{\"os\":{\"family\":\"debian\"}}");
        String condition = "identity('^pump') && get_fact('os.family') == 'debian'";
        String file = facts.toString();
        assertTrue(backplane
                .command("match", condition, "--identity", "pump1", "--facts", file)
                .startsWith("the node gets it"));
        assertTrue(backplane
                .command("match", condition, "--identity", "fan1", "--facts", file)
                .startsWith("the node does not get it"));
        assertTrue(backplane
                .command("match", "has_directory('/') && has_command('sh')")
                .startsWith("the node gets it"));
        says("unknown name", 65, "match", "fact('x') == 1");
        says(
                "[match.facts]",
                65,
                "match",
                "true",
                "--facts",
                directory.resolve("none").toString());
    }

    @Test
    void refusesToSignWhatNodesRefuse() throws Exception {
        String sum = "0a".repeat(32);
        String good = "{\"name\":\"pump\",\"source\":\"https://a.example/x.tgz\",\"checksum\":\"" + sum
                + "\",\"verify_checksum\":\"" + sum + "\"";
        refusesToSign("pump is listed twice", "[" + good + "}," + good + "}]");
        refusesToSign("'1pump' is no name", "[" + good.replace("pump", "1pump") + "}]");
        refusesToSign("64 hex digits", "[" + good.replace("\"checksum\":\"0a", "\"checksum\":\"x") + "}]");
        refusesToSign("match of pump", "[" + good + ",\"match\":\"identity(\"}]");
        refusesToSign("entry 1 has no 'name'", "[{}]");
    }

    private void refusesToSign(String why, String list) throws Exception {
        Path file = Files.writeString(directory.resolve("list.json"), list);
        String out = directory.resolve("signed.json").toString();
        says(why, 65, "sign", "--offline", offline, "--customer", "acme", "--out", out, file.toString());
        assertFalse(Files.exists(Path.of(out)));
    }
}

package io.machineroom.app.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nats.client.Connection;
import io.nats.client.KeyValue;
import io.nats.client.Nats;
import io.nats.client.api.KeyValueStatus;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** {@code kv} with a real nats-server. */
@SuppressWarnings("try") // closing a connection of the library may be interrupted
final class KvCommandIT extends NatsCommands {
    private byte[] raw(String bucket, String key) {
        PrintStream before = System.out;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            good(kv("get", bucket, key));
        } finally {
            System.setOut(before);
        }
        return bytes.toByteArray();
    }

    @Test
    void valuesComeBackByteForByte() throws Exception {
        good(kv("add", "B"));
        byte[] value = new byte[1_000_000];
        new Random(3).nextBytes(value);
        Path file = Files.write(folder.resolve("value"), value);
        assertEquals(
                "revision 1\n",
                good(kv("put", "B", "site.a/b", "--file", file.toString())).out());
        assertArrayEquals(value, raw("B", "site.a/b"));
        good(kv("put", "B", "text", "größer"));
        assertEquals("größer", new String(raw("B", "text"), StandardCharsets.UTF_8));
        String json = good(kv("get", "B", "text", "--json")).out();
        assertTrue(json.contains("\"value\":\"größer\"") && json.contains("\"revision\":2"), json);
    }

    @Test
    void writesMayBeConditional() {
        good(kv("add", "B"));
        assertEquals("revision 1\n", good(kv("create", "B", "lock", "me")).out());
        Said second = kv("create", "B", "lock", "you");
        assertEquals(ExitCodes.TEMPORARY, second.exit());
        assertTrue(second.err().contains("there already") && second.err().contains("[bucket.moved]"), second.err());
        assertEquals(
                "revision 2\n",
                good(kv("update", "B", "lock", "x", "--revision", "1")).out());
        assertEquals(
                ExitCodes.TEMPORARY,
                kv("update", "B", "lock", "y", "--revision", "1").exit());
        assertEquals(
                ExitCodes.TEMPORARY, kv("del", "B", "lock", "--revision", "1").exit());
        good(kv("del", "B", "lock", "--revision", "2"));
        Said gone = kv("get", "B", "lock");
        assertEquals(ExitCodes.NO_INPUT, gone.exit());
        assertTrue(gone.err().contains("[bucket.no-key]"), gone.err());
        good(kv("create", "B", "lock", "again"));
    }

    @Test
    void listsAndTellsThePast() {
        good(kv("add", "B", "--history", "3", "--ttl", "1h", "--description", "of a test"));
        for (String value : List.of("1", "2", "3", "4")) {
            good(kv("put", "B", "a", value));
        }
        good(kv("put", "B", "b", "5"));
        good(kv("del", "B", "b"));
        assertEquals("a\n", good(kv("ls", "B")).out());
        List<String> lines = good(kv("history", "B", "a")).out().lines().toList();
        assertEquals(3, lines.size());
        assertTrue(lines.getLast().endsWith("a @4 4"), lines.toString());
        assertTrue(good(kv("history", "B", "b")).out().contains("b @6 deleted"));
        String status = good(kv("status", "B")).out();
        assertTrue(status.contains("3600 s") && status.contains("of a test") && status.contains("5 changes"), status);
    }

    /** The original takes the option and does nothing with it. */
    @Test
    void streamsW59TheSizeOfValuesIsApplied() {
        good(kv("add", "SMALL", "--max-value-size", "100"));
        good(kv("put", "SMALL", "a", "x".repeat(20)));
        Said much = kv("put", "SMALL", "a", "x".repeat(200));
        assertEquals(ExitCodes.DATA, much.exit());
        assertTrue(much.err().contains("[bucket.too-large]"), much.err());
        assertTrue(good(kv("status", "SMALL")).out().contains("value 100"));
    }

    @Test
    void refusesWithAReasonAndACode() throws Exception {
        Said missing = kv("get", "NONE", "a");
        assertEquals(ExitCodes.UNAVAILABLE, missing.exit());
        assertTrue(missing.err().contains("[bucket.missing]"), missing.err());
        good(kv("add", "B"));
        assertEquals(ExitCodes.DATA, kv("put", "B", "a b", "x").exit());
        Path large = Files.write(folder.resolve("large"), new byte[(1 << 20) + 1]);
        Said much = kv("put", "B", "a", "--file", large.toString());
        assertEquals(ExitCodes.DATA, much.exit());
        assertTrue(much.err().contains("1048576 bytes (1 MiB)"), much.err());
        assertEquals(ExitCodes.USAGE, say("kv", "ls", "B").exit());
        assertEquals(ExitCodes.USAGE, kv("drop", "B").exit());
        assertEquals(ExitCodes.DATA, kv("add", "C", "--replicas", "9").exit());
        good(kv("drop", "B", "--yes"));
        assertEquals(ExitCodes.UNAVAILABLE, kv("status", "B").exit());
    }

    /** Spec streams 7.4, seen by the client library of NATS. */
    @Test
    void bucketsAreThoseOfOtherClients() throws Exception {
        good(kv("add", "B", "--history", "5", "--ttl", "30s"));
        try (Connection connection = Nats.connect(url)) {
            KeyValue theirs = connection.keyValue("B");
            theirs.put("a", "theirs");
            assertEquals("theirs", new String(raw("B", "a"), StandardCharsets.UTF_8));
            good(kv("put", "B", "a", "ours"));
            assertEquals("ours", theirs.get("a").getValueAsString());
            theirs.delete("a");
            assertEquals(ExitCodes.NO_INPUT, kv("get", "B", "a").exit());
            good(kv("create", "B", "a", "again"));
            KeyValueStatus status = theirs.getStatus();
            assertEquals(5, status.getMaxHistoryPerKey());
            assertEquals(Duration.ofSeconds(30), status.getTtl());
            var made = connection.jetStreamManagement().getStreamInfo("KV_B").getConfiguration();
            assertTrue(made.getAllowDirect() && made.getAllowRollup() && made.getDenyDelete());
            assertEquals(List.of("$KV.B.>"), made.getSubjects());
            assertEquals(Duration.ofSeconds(30), made.getDuplicateWindow());
        }
    }
}

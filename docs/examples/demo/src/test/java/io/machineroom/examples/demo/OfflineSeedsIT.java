package io.machineroom.examples.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What {@code init --offline} wrote for the safe is neither in the state directory nor in the memory of what runs; the
 * same search finds the seeds that the backplane does hold.
 */
class OfflineSeedsIT {
    private static final List<String> OFFLINE = List.of("org-issuer.seed", "machines.seed", "operator.nkey", "ca.key");
    private static final String BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    @TempDir
    Path directory;

    @Test
    @Timeout(300)
    void whatRunsNeverSeesTheOfflineSeeds() throws Exception {
        try (Stage stage = Stage.open(directory)) {
            worksAWhile(stage);
            Path offline = directory.resolve("offline-keys");
            Path state = stage.saas().state();
            long backplane = stage.saas().pid();
            long nats = stage.saas().natsPid();
            Needles secret = new Needles();
            for (String name : OFFLINE) {
                spell(secret, name, offline.resolve(name));
            }
            Needles held = new Needles();
            spell(held, "receipts.seed", state.resolve("keys/receipts.seed"));
            held.add("account", account(state));

            boolean may = Needles.mayLook(backplane) && Needles.mayLook(nats);
            assertTrue(may || !"true".equals(System.getenv("CI")), "in CI memory can be looked at");
            if (may) {
                memoryHoldsOnlyWhatItMay(secret, held, backplane, nats);
            }
            assertTrue(stage.saas().stop(), "the files stay as they are from now on");
            assertEquals(
                    OFFLINE.size(),
                    secret.inFiles(offline).stream()
                            .map(found -> found.replaceAll(".* in ", ""))
                            .distinct()
                            .count());
            assertEquals(Set.of(), secret.inFiles(state));
            assertTrue(
                    held.inFiles(state).contains("receipts.seed in hex in keys/receipts.seed"),
                    () -> "a seed of the state directory is not found there");
            Assumptions.assumeTrue(may, "this system does not let us look into the memory of our own children");
        }
    }

    /** Enrols a node, signs a list, deploys it, takes in events and signs receipts. */
    private static void worksAWhile(Stage stage) throws Exception {
        Node node = stage.enrolled("seeds1", Map.of());
        Scenes.deployTicker(stage, node, 5);
        Workshop.await(
                "events are accepted", Stage.SOON, () -> node.lines(".accepted").size() > 20);
        String first = node.lines(".accepted").getFirst();
        Workshop.await(
                "events are stored",
                Stage.SOON,
                () -> Files.readString(stage.saas().everything()).contains(first));
    }

    private static void memoryHoldsOnlyWhatItMay(Needles secret, Needles held, long backplane, long nats)
            throws IOException {
        assertEquals(Set.of(), secret.inMemory(backplane));
        assertEquals(Set.of(), secret.inMemory(nats));
        Set<String> seen = held.inMemory(backplane);
        assertTrue(seen.contains("receipts.seed as bytes"), () -> "the seed it signs with is not found: " + seen);
        assertTrue(held.inMemory(nats).contains("account"), "the account it serves is not found");
    }

    /** Every way in which a seed may be written down. */
    private static void spell(Needles into, String name, Path file) throws IOException {
        String text = Files.readString(file).strip();
        byte[] raw;
        if (name.endsWith(".seed")) {
            raw = HexFormat.of().parseHex(text);
        } else if (name.endsWith(".nkey")) {
            raw = java.util.Arrays.copyOfRange(base32(text), 2, 34);
        } else {
            String body = text.replaceAll("-----[^-]*-----|\\s", "");
            byte[] der = Base64.getDecoder().decode(body);
            raw = java.util.Arrays.copyOfRange(der, der.length - 32, der.length);
            into.add(name + " in PEM", body.substring(0, Math.min(64, body.length())));
        }
        String hex = HexFormat.of().formatHex(raw);
        into.add(name + " as bytes", raw);
        into.add(name + " in hex", hex);
        into.add(name + " in HEX", hex.toUpperCase(Locale.ROOT));
        into.add(name + " in base64", Base64.getEncoder().withoutPadding().encodeToString(raw));
        into.add(name + " in base64url", Base64.getUrlEncoder().withoutPadding().encodeToString(raw));
        for (Map.Entry<String, Integer> kind :
                Map.of("operator", 14 << 3, "account", 0, "user", 20 << 3).entrySet()) {
            into.add(name + " as nkey of an " + kind.getKey(), nkey(kind.getValue(), raw));
        }
    }

    private static String nkey(int kind, byte[] raw) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(18 << 3 | kind >> 5);
        out.write((kind & 31) << 3);
        out.writeBytes(raw);
        int crc = 0;
        for (byte b : out.toByteArray()) {
            crc ^= (b & 0xff) << 8;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 0x8000) == 0 ? crc << 1 : crc << 1 ^ 0x1021;
            }
            crc &= 0xffff;
        }
        out.write(crc & 0xff);
        out.write(crc >> 8);
        StringBuilder text = new StringBuilder();
        int bits = 0;
        int held = 0;
        for (byte b : out.toByteArray()) {
            held = (held << 8 | b & 0xff) & 0xfff;
            for (bits += 8; bits >= 5; bits -= 5) {
                text.append(BASE32.charAt(held >> bits - 5 & 31));
            }
        }
        return bits == 0
                ? text.toString()
                : text.append(BASE32.charAt(held << 5 - bits & 31)).toString();
    }

    private static byte[] base32(String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int bits = 0;
        int held = 0;
        for (int i = 0; i < text.length(); i++) {
            held = (held << 5 | BASE32.indexOf(text.charAt(i))) & 0xfff;
            bits += 5;
            if (bits >= 8) {
                bits -= 8;
                out.write(held >> bits);
            }
        }
        return out.toByteArray();
    }

    /** A public account key out of the configuration of the broker. */
    private static String account(Path state) throws IOException {
        Matcher key = Pattern.compile("\\bA[A-Z2-7]{55}\\b")
                .matcher(Files.readString(state.resolve("nats/nats-server.conf")));
        assertTrue(key.find(), "an account is configured");
        return key.group();
    }
}

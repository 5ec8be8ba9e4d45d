package io.machineroom.ports.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import io.machineroom.ports.security.Signatures;
import io.machineroom.ports.security.VerifyKey;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@link Signatures} promises. */
public abstract class SignaturesContract {
    private static final byte[] TEXT = "signed text".getBytes(StandardCharsets.UTF_8);

    protected abstract Signatures signatures();

    private static String resource(String name) {
        try (InputStream in = Objects.requireNonNull(SignaturesContract.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }

    /** RFC 8032, section 7.1, TEST 2 and TEST 3. */
    @Test
    void verifiesTheVectorsOfTheRfc() {
        VerifyKey.Ed25519 two = VerifyKey.hex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
        byte[] signatureTwo = hex("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
        VerifyKey.Ed25519 three = VerifyKey.hex("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025");
        byte[] signatureThree = hex("6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
                + "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a");
        assertTrue(signatures().verify(two, hex("72"), signatureTwo));
        assertTrue(signatures().verify(three, hex("af82"), signatureThree));
        assertFalse(signatures().verify(two, hex("73"), signatureTwo));
        assertFalse(signatures().verify(three, hex("72"), signatureTwo));
    }

    @Test
    void badSignaturesAreFalseAndNeverThrown() {
        VerifyKey.Ed25519 key = VerifyKey.hex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
        for (int length : List.of(0, 1, 63, 64, 65, 1_000)) {
            assertFalse(signatures().verify(key, TEXT, new byte[length]));
        }
        byte[] ones = new byte[64];
        java.util.Arrays.fill(ones, (byte) 0xFF);
        assertFalse(signatures().verify(key, TEXT, ones));
        for (String strange : List.of("00".repeat(32), "ff".repeat(32), "01" + "00".repeat(31))) {
            assertFalse(signatures().verify(VerifyKey.hex(strange), TEXT, new byte[64]));
        }
    }

    @Test
    void verifiesRsaByPublicKeyAndByCertificate() {
        List<String> made = resource("rsa-signatures.txt").lines().toList();
        int[] bits = {256, 384, 512};
        for (String file : List.of("rsa-public.pem", "rsa-certificate.pem")) {
            VerifyKey.Rsa key = new VerifyKey.Rsa(resource(file));
            for (int i = 0; i < bits.length; i++) {
                byte[] signature = hex(made.get(i));
                assertTrue(signatures().verifyRsa(key, bits[i], TEXT, signature), file + " " + bits[i]);
                assertFalse(signatures().verifyRsa(key, bits[(i + 1) % 3], TEXT, signature));
                assertFalse(signatures().verifyRsa(key, bits[i], new byte[] {1}, signature));
                signature[10] ^= 1;
                assertFalse(signatures().verifyRsa(key, bits[i], TEXT, signature));
            }
        }
    }

    @Test
    void rsaWithABadKeyOrHashIsFalse() {
        byte[] signature = hex(resource("rsa-signatures.txt").lines().toList().getFirst());
        assertFalse(signatures().verifyRsa(new VerifyKey.Rsa("no key"), 256, TEXT, signature));
        assertFalse(signatures().verifyRsa(new VerifyKey.Rsa(resource("rsa-public.pem")), 1, TEXT, signature));
        assertFalse(signatures().verifyRsa(new VerifyKey.Rsa(resource("rsa-public.pem")), 256, TEXT, new byte[3]));
        assertFalse(signatures()
                .verifyRsa(
                        new VerifyKey.Rsa("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"),
                        256,
                        TEXT,
                        signature));
    }

    @Test
    void digestsBytesAndFiles(@TempDir Path directory) throws IOException {
        String abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assertEquals(abc, signatures().sha256("abc".getBytes(StandardCharsets.UTF_8)));
        Path file = Files.writeString(directory.resolve("f"), "abc");
        assertEquals(abc, signatures().sha256(file));
        PortException.Refused e =
                assertThrows(PortException.Refused.class, () -> signatures().sha256(directory.resolve("none")));
        assertEquals("file.missing", e.code());
    }
}

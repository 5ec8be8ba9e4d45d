package io.machineroom.domain.flow;

import io.machineroom.ports.security.Signatures;
import io.machineroom.ports.security.VerifyKey;
import io.machineroom.ports.stream.DoneMark;
import io.machineroom.ports.stream.Epoch;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.SignedMark;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Decides whether a receipt is the SaaS's word to this node. Stateless. */
public final class ReceiptVerifier {
    private static final int MAX_TEXT = 512;

    private final Signatures signatures;
    private final VerifyKey.Ed25519 receiptKey;
    private final String nodeKey;

    /**
     * A verifier.
     *
     * @param receiptKey key that the enrolment brought
     * @param nodeKey this node's public user nkey, {@code U…}
     */
    public ReceiptVerifier(Signatures signatures, VerifyKey.Ed25519 receiptKey, String nodeKey) {
        this.signatures = signatures;
        this.receiptKey = receiptKey;
        this.nodeKey = nodeKey;
    }

    /** The mark, or why it is ignored. */
    public Result verify(SignedMark mark) {
        if (mark.text().length() > MAX_TEXT
                || mark.signature().length() != 128
                || !mark.signature().chars().allMatch(HexFormat::isHexDigit)) {
            return new Ignored("malformed");
        }
        byte[] text = mark.text().getBytes(StandardCharsets.UTF_8);
        if (!signatures.verify(receiptKey, text, HexFormat.of().parseHex(mark.signature()))) {
            return new Ignored("signature");
        }
        String[] words = mark.text().split(" ", -1);
        if (words.length != 7 || !words[0].equals("mr-receipt-2")) {
            return new Ignored("malformed");
        }
        if (!words[1].equals(nodeKey)) {
            return new Ignored("other-node");
        }
        try {
            long through = Long.parseLong(words[4]);
            long since = Long.parseLong(words[6]);
            return since < 1 || through < since
                    ? new Ignored("malformed")
                    : new Good(new DoneMark(Epoch.ofWire(words[2]), Lane.ofWire(words[3]), through, words[5]), since);
        } catch (IllegalArgumentException malformed) {
            return new Ignored("malformed");
        }
    }

    /** What a receipt is worth. */
    public sealed interface Result {}

    /**
     * It counts.
     *
     * @param since first number from which on the store misses nothing
     */
    public record Good(DoneMark mark, long since) implements Result {}

    /** It does not; {@code why} is one word for a metric. */
    public record Ignored(String why) implements Result {}
}

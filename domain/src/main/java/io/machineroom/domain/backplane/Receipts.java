package io.machineroom.domain.backplane;

import io.machineroom.ports.security.KeyRole;
import io.machineroom.ports.security.Keyring;
import io.machineroom.ports.stream.DoneMark;
import io.machineroom.ports.stream.SignedMark;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Signs receipts. Safe from any task. */
public final class Receipts {
    /** The key that signs receipts; its public half reaches nodes with their enrolment. */
    public static final KeyRole KEY = new KeyRole("receipts", KeyRole.Form.HEX_SEED);

    private final Keyring keys;

    public Receipts(Keyring keys) {
        this.keys = keys;
    }

    /**
     * The receipt as it travels ({@code docs/protocol.md} section 3).
     *
     * @param since first number from which on nothing is missing
     */
    public SignedMark sign(String nodeKey, DoneMark mark, long since) {
        String text = "mr-receipt-2 " + nodeKey + " " + mark.epoch().wire() + " "
                + mark.lane().wireName() + " " + mark.through() + " " + mark.storeId() + " " + since;
        byte[] signature = keys.sign(KEY, text.getBytes(StandardCharsets.UTF_8));
        return new SignedMark(text, HexFormat.of().formatHex(signature));
    }
}

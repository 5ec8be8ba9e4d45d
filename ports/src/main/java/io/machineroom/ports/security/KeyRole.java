package io.machineroom.ports.security;

/**
 * A key by its purpose.
 *
 * @param name file base name, for example {@code server} or {@code account-one}
 * @param form how its seed is written
 */
public record KeyRole(String name, Form form) {
    /** The node's identity: {@code server.seed}. */
    public static final KeyRole IDENTITY = new KeyRole("server", Form.HEX_SEED);
    /** The node's NATS user: {@code nats.nkey}. */
    public static final KeyRole NATS_USER = new KeyRole("nats", Form.NKEY_USER);

    /** Spelling of seed and public key. */
    public enum Form {
        /** 64 hex digits, no line end; file {@code <name>.seed}. */
        HEX_SEED,
        /** NATS user nkey {@code SU…}; file {@code <name>.nkey}. */
        NKEY_USER,
        /** NATS account nkey {@code SA…}; file {@code <name>.nkey}. */
        NKEY_ACCOUNT,
        /** NATS operator nkey {@code SO…}; file {@code <name>.nkey}. */
        NKEY_OPERATOR
    }
}

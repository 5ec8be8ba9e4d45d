package io.machineroom.ports.data;

import io.machineroom.ports.Port;

/**
 * JSON bytes to {@link Value} and back. Strict: UTF-8, one document, no duplicate keys, depth at most
 * 64, size at most the caller's bound. Safe to call from any task; never blocks.
 */
@Port
public interface JsonFormat {
    /** Default bound of one document, in bytes: 16 MiB. */
    int DEFAULT_MAX_BYTES = 16 * 1024 * 1024;

    /**
     * Reads one document.
     *
     * @throws io.machineroom.ports.PortException.Refused {@code json.invalid} naming line and column,
     *     {@code json.too-large}
     */
    Value read(byte[] document, int maxBytes);

    default Value read(byte[] document) {
        return read(document, DEFAULT_MAX_BYTES);
    }

    /** Compact UTF-8 without a line end; keys in the order of the map. */
    byte[] write(Value value);

    /** As {@link #write} with two spaces of indentation and a line end, for people. */
    byte[] pretty(Value value);
}

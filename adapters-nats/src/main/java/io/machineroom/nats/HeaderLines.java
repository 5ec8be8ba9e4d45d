package io.machineroom.nats;

import io.nats.client.impl.Headers;
import java.nio.charset.StandardCharsets;

/** Writes headers as the lines that go onto the wire, without a map between. One task. */
final class HeaderLines {
    private static final String VERSION = "NATS/1.0\r\n";

    private final StringBuilder line = new StringBuilder(512);

    void begin() {
        line.setLength(0);
        line.append(VERSION);
    }

    /** For whole lines that are known to be right. */
    StringBuilder open() {
        return line;
    }

    /**
     * One more header.
     *
     * @throws IllegalArgumentException when name or value cannot stand in a header
     */
    void add(String name, String value) {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("a header without a name");
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c <= ' ' || c > '~' || c == ':') {
                throw new IllegalArgumentException("header name '" + name + "'");
            }
        }
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c > 127 || c == '\r' || c == '\n') {
                throw new IllegalArgumentException("value of header " + name);
            }
        }
        line.append(name).append(':').append(value).append("\r\n");
    }

    Headers finish() {
        return new WireHeaders(line.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
    }

    /** Finished lines. The library asks read-only headers for nothing but what is here. */
    private static final class WireHeaders extends Headers {
        private final byte[] bytes;

        WireHeaders(byte[] bytes) {
            super(null, true);
            this.bytes = bytes;
        }

        @Override
        public boolean isEmpty() {
            return false;
        }

        @Override
        public int serializedLength() {
            return bytes.length;
        }

        @Override
        public byte[] getSerialized() {
            return bytes.clone();
        }

        @Override
        public int serializeToArray(int at, byte[] destination) {
            System.arraycopy(bytes, 0, destination, at, bytes.length);
            return bytes.length;
        }
    }
}

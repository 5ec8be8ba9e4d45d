package io.machineroom.domain.agent;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Bytes in the gzip format (RFC 1952): one member, no name, no time, so equal input gives equal output. */
final class Gzip {
    private static final byte[] HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};

    private Gzip() {}

    static byte[] compress(byte[] plain) {
        Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
        try {
            deflater.setInput(plain);
            deflater.finish();
            byte[] out = new byte[Math.max(64, plain.length / 4)];
            int length = 0;
            while (!deflater.finished()) {
                if (length == out.length) {
                    out = Arrays.copyOf(out, out.length * 2);
                }
                length += deflater.deflate(out, length, out.length - length);
            }
            CRC32 crc = new CRC32();
            crc.update(plain);
            return ByteBuffer.allocate(HEADER.length + length + 8)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .put(HEADER)
                    .put(out, 0, length)
                    .putInt((int) crc.getValue())
                    .putInt(plain.length)
                    .array();
        } finally {
            deflater.end();
        }
    }
}

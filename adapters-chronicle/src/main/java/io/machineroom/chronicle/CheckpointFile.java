package io.machineroom.chronicle;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * A small state that is replaced often: two slots, each with a counter and a checksum, written in turn. A write that a
 * power cut tears leaves the other slot, which holds the state before. One task at a time.
 */
final class CheckpointFile implements AutoCloseable {
    private static final int MAGIC = 0x4d524350;
    private static final int HEADER = 20;

    private final Disk disk;
    private final Path file;
    private final int slotBytes;
    private final FileChannel channel;
    private long counter;

    /** Opens or creates the file; a slot holds {@code slotBytes} less twenty. */
    CheckpointFile(Disk disk, Path file, int slotBytes) {
        this.disk = disk;
        this.file = file;
        this.slotBytes = slotBytes;
        try {
            boolean fresh = !Files.exists(file);
            this.channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            if (fresh) {
                Disk.writeFully(channel, ByteBuffer.allocate(2 * slotBytes), 0);
                disk.force(channel, file, true);
                disk.syncDirectory(Disk.parent(file));
            }
        } catch (IOException e) {
            throw disk.unavailable("cannot open " + file, e);
        }
    }

    int capacity() {
        return slotBytes - HEADER;
    }

    /** The newest whole state; empty when nothing was ever written or nothing whole is left. */
    Optional<byte[]> read() {
        Optional<byte[]> newest = Optional.empty();
        counter = 0;
        for (int slot = 0; slot < 2; slot++) {
            ByteBuffer bytes = readSlot(slot);
            long number = bytes.limit() < HEADER ? 0 : bytes.getLong(4);
            if (number > counter && whole(bytes)) {
                counter = number;
                byte[] payload = new byte[bytes.getInt(12)];
                bytes.get(HEADER, payload);
                newest = Optional.of(payload);
            }
        }
        return newest;
    }

    private ByteBuffer readSlot(int slot) {
        ByteBuffer bytes = ByteBuffer.allocate(slotBytes);
        try {
            long start = (long) slot * slotBytes;
            int got = 0;
            while (got >= 0 && bytes.hasRemaining()) {
                got = channel.read(bytes, start + bytes.position());
            }
        } catch (IOException e) {
            throw disk.unavailable("cannot read " + file, e);
        }
        return bytes.flip();
    }

    private boolean whole(ByteBuffer bytes) {
        int length = bytes.getInt(12);
        return bytes.getInt(0) == MAGIC
                && length >= 0
                && length <= bytes.limit() - HEADER
                && bytes.getInt(16) == checksum(bytes, length);
    }

    private static int checksum(ByteBuffer bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.slice(0, 16));
        crc.update(bytes.slice(HEADER, length));
        return (int) crc.getValue();
    }

    /** Replaces the state; durable on return. */
    void write(byte[] payload) {
        if (payload.length > capacity()) {
            throw new IllegalArgumentException(payload.length + " bytes do not fit into " + file);
        }
        ByteBuffer bytes = ByteBuffer.allocate(HEADER + payload.length);
        bytes.putInt(MAGIC)
                .putLong(counter + 1)
                .putInt(payload.length)
                .putInt(0)
                .put(payload);
        bytes.putInt(16, checksum(bytes, payload.length)).flip();
        try {
            Disk.writeFully(channel, bytes, ((counter + 1) & 1) * slotBytes);
            disk.force(channel, file, false);
            counter++;
        } catch (IOException e) {
            throw disk.unavailable("cannot write " + file, e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw disk.unavailable("cannot close " + file, e);
        }
    }
}

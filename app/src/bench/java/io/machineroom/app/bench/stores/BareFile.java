package io.machineroom.app.bench.stores;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.zip.CRC32C;

/** The physical limit: length, CRC32C and body of a group in one write to one file, then one {@code force(false)}. */
final class BareFile implements DurableStore {
    private static final int HEAD = 8;

    private final FileChannel file;
    private final GroupCommit group = new GroupCommit(this::write);
    private ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 20);

    BareFile(Path directory) throws IOException {
        this.file = FileChannel.open(
                directory.resolve("log"),
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE);
    }

    @Override
    public void append(byte[] body) {
        group.append(body);
    }

    private void write(List<byte[]> bodies) throws IOException {
        int size = bodies.stream().mapToInt(b -> b.length + HEAD).sum();
        if (buffer.capacity() < size) {
            buffer = ByteBuffer.allocateDirect(size * 2);
        }
        buffer.clear();
        for (byte[] body : bodies) {
            buffer.putInt(body.length).putInt(checksum(body)).put(body);
        }
        buffer.flip();
        while (buffer.hasRemaining()) {
            file.write(buffer);
        }
        file.force(false);
    }

    private static int checksum(byte[] body) {
        CRC32C crc = new CRC32C();
        crc.update(body);
        return (int) crc.getValue();
    }

    @Override
    public long readAll() throws IOException {
        ByteBuffer in = ByteBuffer.allocate(1 << 20);
        long position = 0;
        long count = 0;
        while (true) {
            in.clear();
            int read = file.read(in, position);
            if (read <= 0) {
                return count;
            }
            in.flip();
            int before = in.remaining();
            count += records(in);
            if (in.remaining() == before) {
                throw new IllegalStateException("a record larger than the buffer at " + position);
            }
            position += before - in.remaining();
        }
    }

    private static long records(ByteBuffer in) {
        long count = 0;
        while (in.remaining() >= HEAD && in.remaining() - HEAD >= in.getInt(in.position())) {
            byte[] body = new byte[in.getInt()];
            int expected = in.getInt();
            in.get(body);
            if (checksum(body) != expected) {
                throw new IllegalStateException("checksum");
            }
            count++;
        }
        return count;
    }

    @Override
    public void end() throws Exception {
        group.end();
        file.close();
    }
}

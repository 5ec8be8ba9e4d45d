package io.machineroom.app.host;

import io.machineroom.ports.PortException;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** Lines of bytes in and out of a connection. One thread each way. */
final class Lines {
    static final int MAX_BYTES = 16 << 20;

    private final InputStream in;
    private final OutputStream out;

    Lines(InputStream in, OutputStream out) {
        this.in = new BufferedInputStream(in);
        this.out = out;
    }

    /** The next line without its end; null at the end of the stream. */
    byte @Nullable [] read() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                return line.size() == 0 ? null : line.toByteArray();
            }
            if (line.size() == MAX_BYTES) {
                throw new PortException.Refused("control.too-large", "a line is longer than " + MAX_BYTES + " bytes");
            }
            line.write(b);
        }
        return line.toByteArray();
    }

    synchronized void write(byte[] line) throws IOException {
        byte[] whole = java.util.Arrays.copyOf(line, line.length + 1);
        whole[line.length] = '\n';
        out.write(whole);
        out.flush();
    }
}

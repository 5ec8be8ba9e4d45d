package io.machineroom.app.host;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.logging.ErrorManager;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import org.jspecify.annotations.Nullable;

/**
 * A log file that is always the one that was named; when it is full it becomes {@code NAME.1}, that {@code NAME.2}, and
 * the eldest goes. Each record is written through. A disk that refuses costs records, never the caller.
 */
final class RollingFile extends Handler {
    private final Path file;
    private final long maxBytes;
    private final int files;
    private @Nullable FileChannel open;

    /**
     * Opens it for appending.
     *
     * @param maxBytes size at which a new one is begun
     * @param files how many are kept, the present one included
     */
    RollingFile(Path file, long maxBytes, int files) throws IOException {
        this.file = file;
        this.maxBytes = maxBytes;
        this.files = files;
        this.open = append();
    }

    private FileChannel append() throws IOException {
        return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    }

    @Override
    public synchronized void publish(LogRecord record) {
        FileChannel to = open;
        if (to == null || !isLoggable(record)) {
            return;
        }
        try {
            if (to.size() >= maxBytes) {
                to = roll(to);
            }
            ByteBuffer bytes = ByteBuffer.wrap(getFormatter().format(record).getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                to.write(bytes);
            }
        } catch (IOException e) {
            reportError(file.toString(), e, ErrorManager.WRITE_FAILURE);
        }
    }

    private FileChannel roll(FileChannel full) throws IOException {
        full.close();
        for (int i = files - 1; i > 0; i--) {
            Path from = i == 1 ? file : numbered(i - 1);
            if (Files.exists(from)) {
                Files.move(from, numbered(i), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        FileChannel fresh = append();
        open = fresh;
        return fresh;
    }

    private Path numbered(int number) {
        return file.resolveSibling(file.getFileName() + "." + number);
    }

    @Override
    public void flush() {
        // each record is written through
    }

    @Override
    public synchronized void close() {
        FileChannel last = open;
        open = null;
        try {
            if (last != null) {
                last.close();
            }
        } catch (IOException e) {
            reportError(file.toString(), e, ErrorManager.CLOSE_FAILURE);
        }
    }
}

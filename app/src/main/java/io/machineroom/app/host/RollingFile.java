package io.machineroom.app.host;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.logging.ErrorManager;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.jspecify.annotations.Nullable;

/**
 * A log file that is always the one that was named; when it is full it becomes {@code NAME.1}, that {@code NAME.2}, and
 * the eldest goes. Each record is written through.
 *
 * <p>The log goes on whatever happens to the file: a record that the file does not take goes to the error output, which
 * says once why, and the next one tries the file again. A file that cannot be rolled is written on, to twice its size,
 * and is then begun anew in place. Not a channel: an interrupted thread that logs would close it.
 */
final class RollingFile extends Handler {
    private final Path file;
    private final long maxBytes;
    private final int files;
    private final PrintStream otherwise;
    private @Nullable FileOutputStream open;
    private @Nullable Object openKey;
    private long size;
    private long rollAt;
    private long missed;
    private boolean closed;

    /**
     * Opens it for appending.
     *
     * @param maxBytes size at which a new one is begun
     * @param files how many are kept, the present one included
     * @param otherwise takes what the file does not take
     */
    RollingFile(Path file, long maxBytes, int files, PrintStream otherwise) throws IOException {
        this.file = file;
        this.maxBytes = maxBytes;
        this.files = files;
        this.otherwise = otherwise;
        this.open = begin(true);
    }

    private FileOutputStream begin(boolean append) throws IOException {
        FileOutputStream fresh = new FileOutputStream(file.toFile(), append);
        try {
            BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
            openKey = found.fileKey();
            size = found.size();
            rollAt = maxBytes;
            return fresh;
        } catch (IOException e) {
            fresh.close();
            throw e;
        }
    }

    @Override
    public synchronized void publish(LogRecord record) {
        if (closed || !isLoggable(record)) {
            return;
        }
        byte[] text = text(record);
        try {
            FileOutputStream to = ready();
            if (missed > 0) {
                write(to, note("the log file takes records again; " + missed + " went to the error output"));
                missed = 0;
            }
            write(to, text);
        } catch (IOException e) {
            elsewhere(text, e);
        }
    }

    private byte[] text(LogRecord record) {
        return getFormatter().format(record).getBytes(StandardCharsets.UTF_8);
    }

    private byte[] note(String message) {
        LogRecord record = new LogRecord(Level.WARNING, message);
        record.setLoggerName(RollingFile.class.getName());
        return text(record);
    }

    private void write(FileOutputStream to, byte[] text) throws IOException {
        to.write(text);
        size += text.length;
    }

    private void elsewhere(byte[] text, IOException cause) {
        if (missed++ == 0) {
            byte[] why = note("the log file " + file + " cannot be written, records come here until it can: " + cause);
            otherwise.write(why, 0, why.length);
        }
        otherwise.write(text, 0, text.length);
        otherwise.flush();
    }

    /** The stream of the file that has the name now; somebody may have moved the file or its directory away. */
    private FileOutputStream ready() throws IOException {
        FileOutputStream now = open;
        if (now == null || !named()) {
            forget();
            now = begin(true);
            open = now;
        }
        return size >= rollAt ? roll(now) : now;
    }

    private boolean named() throws IOException {
        try {
            Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
            return key == null || key.equals(openKey);
        } catch (NoSuchFileException gone) {
            return false;
        }
    }

    private void forget() throws IOException {
        FileOutputStream last = open;
        open = null;
        if (last != null) {
            last.close();
        }
    }

    private FileOutputStream roll(FileOutputStream full) throws IOException {
        try {
            for (int i = files - 1; i > 0; i--) {
                Path from = i == 1 ? file : numbered(i - 1);
                if (Files.exists(from)) {
                    Files.move(from, numbered(i), StandardCopyOption.REPLACE_EXISTING);
                }
            }
        } catch (IOException e) {
            return onward(full, e);
        }
        forget();
        FileOutputStream fresh = begin(true);
        open = fresh;
        return fresh;
    }

    /** It cannot be rolled: goes on in the same file and says so, once for each time that it becomes full. */
    private FileOutputStream onward(FileOutputStream full, IOException cause) throws IOException {
        FileOutputStream to = full;
        if (rollAt > maxBytes) {
            forget();
            to = begin(false);
            open = to;
        } else {
            rollAt = 2 * maxBytes;
        }
        write(to, note("the log file is full and cannot be rolled, it is begun anew at twice its size: " + cause));
        return to;
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
        closed = true;
        try {
            forget();
        } catch (IOException e) {
            reportError(file.toString(), e, ErrorManager.CLOSE_FAILURE);
        }
    }
}

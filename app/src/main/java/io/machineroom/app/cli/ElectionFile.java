package io.machineroom.app.cli;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.data.Value;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;

/** A file that is there while this process leads: {@code {"timestamp":N,"count":N}}. */
final class ElectionFile {
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final Duration REFRESH = Duration.ofSeconds(10);
    private static final long OLD_SECONDS = 60;
    private static final int MAX_BYTES = 4096;

    private final Path file;
    private final JsonFormat json;
    private long count;
    private boolean leaving;

    ElectionFile(Path file, JsonFormat json) {
        this.file = file.toAbsolutePath().normalize();
        this.json = json;
    }

    /** Keeps it until the thread is interrupted, the process is stopped, or the membership ends. */
    int keep(Membership membership) throws InterruptedException {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> leave(membership), "stop"));
        try {
            membership.start();
            remove();
            long next = System.nanoTime();
            boolean led = false;
            while (true) {
                boolean leads = membership.leads(LOOK);
                if (leads && (!led || System.nanoTime() - next >= 0)) {
                    write();
                    next = System.nanoTime() + REFRESH.toNanos();
                } else if (led && !leads) {
                    remove();
                }
                led = leads;
            }
        } finally {
            leave(membership);
        }
    }

    private void leave(Membership membership) {
        synchronized (this) {
            leaving = true;
            remove();
        }
        membership.close();
    }

    /** Not once a signal has come: nobody would remove it. */
    private synchronized void write() {
        if (leaving) {
            return;
        }
        count++;
        Value.Obj content =
                Value.obj("timestamp", Value.num(Instant.now().getEpochSecond()), "count", Value.num(count));
        Path next = file.resolveSibling(file.getFileName() + "~");
        try {
            Files.write(next, json.write(content));
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new PortException.Unavailable("file.disk", "the file " + file + " cannot be written: " + e, e);
        }
    }

    private synchronized void remove() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new PortException.Unavailable("file.disk", "the file " + file + " cannot be removed: " + e, e);
        }
    }

    /** Whether it says that somebody here leads. */
    int check(PrintWriter err) {
        String why = fault();
        if (!why.isEmpty()) {
            err.println(why);
            err.flush();
        }
        return why.isEmpty() ? ExitCodes.OK : ExitCodes.TEMPORARY;
    }

    private String fault() {
        if (!Files.exists(file)) {
            return file + " is not there: this node does not lead";
        }
        try (var in = Files.newInputStream(file)) {
            Value read = json.read(in.readNBytes(MAX_BYTES));
            long written = read instanceof Value.Obj o ? o.whole("timestamp").orElse(0L) : 0;
            long age = Instant.now().getEpochSecond() - written;
            return age > OLD_SECONDS ? file + " is " + age + " s old: nobody keeps it" : "";
        } catch (IOException | PortException e) {
            return file + " cannot be read: " + e.getMessage();
        }
    }
}

package io.machineroom.app.host;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Reads all that a program prints and keeps a bounded part, its beginning or its end. */
final class OutputReader {
    private static final long QUIET_MILLIS = 500;
    /** Of one who goes on printing after its parent ended. */
    private static final long MOST_NANOS = 5_000_000_000L;

    private final InputStream in;
    private final int bound;
    private final boolean keepEnd;
    private final Thread thread;
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private long seen;

    private OutputReader(InputStream in, int bound, boolean keepEnd) {
        this.in = in;
        this.bound = bound;
        this.keepEnd = keepEnd;
        thread = Thread.ofPlatform().daemon().name("output").unstarted(this::readAll);
    }

    static OutputReader head(InputStream in, int bound) {
        return started(new OutputReader(in, bound, false));
    }

    static OutputReader tail(InputStream in, int bound) {
        return started(new OutputReader(in, bound, true));
    }

    private static OutputReader started(OutputReader reader) {
        reader.thread.start();
        return reader;
    }

    private void readAll() {
        byte[] buffer = new byte[8 * 1024];
        try (in) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                keep(buffer, count);
            }
        } catch (IOException closedByTheEnd) {
            keep(buffer, 0);
        }
    }

    private synchronized void keep(byte[] buffer, int count) {
        seen += count;
        if (!keepEnd) {
            kept.write(buffer, 0, Math.max(0, Math.min(count, bound - kept.size())));
            return;
        }
        kept.write(buffer, 0, count);
        if (kept.size() > bound) {
            byte[] all = kept.toByteArray();
            kept.reset();
            kept.write(all, all.length - bound, bound);
        }
    }

    /**
     * Waits for the end of the output; gives up when nothing came for half a second, and after five seconds when a grandchild
     * goes on printing. That is read and dropped until it ends.
     */
    void await() throws InterruptedException {
        long before = -1;
        long began = System.nanoTime();
        while (thread.isAlive() && seen() != before && System.nanoTime() - began < MOST_NANOS) {
            before = seen();
            thread.join(QUIET_MILLIS);
        }
    }

    private synchronized long seen() {
        return seen;
    }

    synchronized byte[] bytes() {
        return kept.toByteArray();
    }

    String text() {
        return new String(bytes(), StandardCharsets.UTF_8);
    }

    synchronized boolean truncated() {
        return seen > kept.size();
    }
}

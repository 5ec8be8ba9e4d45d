package io.machineroom.app.bench.line;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** One direction of a line: a thread that takes packets in, and one that lets them out in order when their time has come. */
final class Direction {
    private static final int MAX_WAITING = 100_000;

    private final Tun from;
    private final Tun to;
    private final BlockingQueue<Packet> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
    private final AtomicLong queued = new AtomicLong();
    private final AtomicLong carried = new AtomicLong();
    private final AtomicLong lost = new AtomicLong();
    private volatile Shape shape;
    private volatile boolean cut;
    private long free = System.nanoTime();

    private record Packet(byte[] bytes, long due) {}

    Direction(Tun from, Tun to, Shape shape, String name) {
        this.from = from;
        this.to = to;
        this.shape = shape;
        Thread.ofPlatform().daemon().name(name + " in").start(() -> run(this::takeIn));
        Thread.ofPlatform().daemon().name(name + " out").start(() -> run(this::letOut));
    }

    private interface Work {
        void run() throws IOException, InterruptedException;
    }

    private static void run(Work work) {
        try {
            work.run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void shape(Shape other) {
        shape = other;
    }

    /** While cut, everything is lost. */
    void cut(boolean now) {
        cut = now;
    }

    /** Bytes that came out. */
    long carried() {
        return carried.get();
    }

    /** Packets that did not. */
    long lost() {
        return lost.get();
    }

    private void takeIn() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(Tun.MAX_PACKET);
            for (int length = from.read(buffer); length > 0; length = from.read(buffer)) {
                Shape now = shape;
                boolean full = queued.get() + length > now.queueBytes();
                if (cut || full || now.loss() > 0 && ThreadLocalRandom.current().nextDouble() < now.loss()) {
                    lost.incrementAndGet();
                    continue;
                }
                byte[] bytes = buffer.asSlice(0, length).toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
                free = Math.max(free, System.nanoTime()) + now.nanos(length);
                queued.addAndGet(length);
                if (!waiting.offer(new Packet(bytes, free + now.delay().toNanos()))) {
                    queued.addAndGet(-length);
                    lost.incrementAndGet();
                }
            }
        }
    }

    private void letOut() throws IOException, InterruptedException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(Tun.MAX_PACKET);
            while (true) {
                Packet next = waiting.take();
                for (long left = next.due() - System.nanoTime(); left > 0; left = next.due() - System.nanoTime()) {
                    LockSupport.parkNanos(left);
                }
                int length = next.bytes().length;
                MemorySegment.copy(next.bytes(), 0, buffer, java.lang.foreign.ValueLayout.JAVA_BYTE, 0, length);
                queued.addAndGet(-length);
                to.write(buffer.asSlice(0, length));
                carried.addAndGet(length);
            }
        }
    }
}

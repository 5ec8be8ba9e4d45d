package io.machineroom.app.host;

import io.machineroom.ports.runtime.Entropy;
import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.runtime.TimeSource;
import io.machineroom.ports.runtime.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Virtual time on virtual threads that hand one baton round: only who holds it touches the fields here, and the baton
 * carries the memory with it. Who runs next is who has waited longest, so that a course repeats itself.
 */
public final class VirtualRuntime implements VirtualTime, Tasks, TimeSource, Entropy {
    private static final long STEPS_WITHOUT_TIME = 200_000;

    private final Instant start;
    private final SplittableRandom random;
    private final List<Wait> waiting = new ArrayList<>();
    private final Strand driver = new Strand("driver");
    private Strand current = driver;
    private long now;
    private long steps;

    /** A world begun by the calling thread. */
    public VirtualRuntime(Instant start, long seed) {
        this.start = start;
        this.random = new SplittableRandom(seed);
    }

    private record Wait(Strand strand, BooleanSupplier ready, long deadline) {
        boolean over(long now) {
            return strand.interrupted || deadline <= now || ready.getAsBoolean();
        }
    }

    @Override
    public Tasks tasks() {
        return this;
    }

    @Override
    public TimeSource time() {
        return this;
    }

    @Override
    public Entropy entropy() {
        return this;
    }

    @Override
    public void advance(Duration duration) throws InterruptedException {
        sleep(duration);
        if (steps > STEPS_WITHOUT_TIME) {
            throw new IllegalStateException("time stands still: something goes round without ever waiting");
        }
    }

    // --- waiting -------------------------------------------------------------------------------

    private boolean await(BooleanSupplier ready, long deadline) throws InterruptedException {
        Strand self = current;
        self.checkInterrupt();
        if (ready.getAsBoolean()) {
            return true;
        }
        waiting.add(new Wait(self, ready, deadline));
        pass();
        self.takeBaton();
        self.checkInterrupt();
        return ready.getAsBoolean();
    }

    /** Gives the baton to who has waited longest of those who can go on; when nobody can, time moves on first. */
    private void pass() {
        Wait next = next();
        while (next == null) {
            now = Math.max(
                    now,
                    waiting.stream()
                            .mapToLong(Wait::deadline)
                            .min()
                            .orElseThrow(() -> new IllegalStateException("everybody has gone, the driver too")));
            steps = 0;
            next = next();
        }
        steps++;
        waiting.remove(next);
        current = next.strand();
        next.strand().giveBaton();
    }

    private @Nullable Wait next() {
        for (Wait wait : waiting) {
            boolean stuck = steps > STEPS_WITHOUT_TIME && wait.strand() == driver;
            if (stuck || steps <= STEPS_WITHOUT_TIME && wait.over(now)) {
                return wait;
            }
        }
        return null;
    }

    private long deadline(Duration wait) {
        long nanos = Math.max(0, TimeUnit.NANOSECONDS.convert(wait));
        return nanos > Long.MAX_VALUE - now ? Long.MAX_VALUE : now + nanos;
    }

    // --- tasks ---------------------------------------------------------------------------------

    @Override
    public Task fork(String name, Body body) {
        Strand strand = new Strand(name);
        waiting.add(new Wait(strand, () -> true, Long.MAX_VALUE));
        Thread.ofVirtual().name(name).start(() -> live(strand, body));
        return strand;
    }

    private void live(Strand strand, Body body) {
        strand.takeBaton();
        try {
            if (!strand.cancelled) {
                body.run();
            }
        } catch (InterruptedException e) {
            strand.failure = strand.cancelled ? null : e;
        } catch (RuntimeException | Error e) {
            strand.failure = e;
        }
        strand.done = true;
        pass();
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
        await(() -> false, deadline(duration));
    }

    @Override
    public <T> Mailbox<T> mailbox(int capacity) {
        return new Box<>(capacity);
    }

    @Override
    public <T> Mailbox<T> mailbox(int capacity, long maxWeight, ToLongFunction<? super T> weight) {
        return new WeighedMailbox<>(new Box<>(capacity), maxWeight, weight);
    }

    // --- clocks and chance ---------------------------------------------------------------------

    @Override
    public Instant wall() {
        return start.plusNanos(now);
    }

    @Override
    public long ticks() {
        return now;
    }

    @Override
    public byte[] bytes(int count) {
        byte[] out = new byte[count];
        random.nextBytes(out);
        return out;
    }

    @Override
    public long below(long bound) {
        return random.nextLong(bound);
    }

    /** One task. */
    private final class Strand implements Task {
        private final String name;
        private final java.util.concurrent.Semaphore baton = new java.util.concurrent.Semaphore(0);
        private boolean interrupted;
        private boolean cancelled;
        private boolean done;
        private @Nullable Throwable failure;

        Strand(String name) {
            this.name = name;
        }

        void takeBaton() {
            baton.acquireUninterruptibly();
        }

        void giveBaton() {
            baton.release();
        }

        void checkInterrupt() throws InterruptedException {
            if (interrupted) {
                interrupted = false;
                throw new InterruptedException("task " + name + " was cancelled");
            }
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public void cancel() {
            cancelled = true;
            interrupted = !done;
        }

        @Override
        public boolean join(Duration time) throws InterruptedException {
            return await(this::done, deadline(time));
        }

        @Override
        public boolean done() {
            return done;
        }

        @Override
        public Optional<Throwable> failure() {
            return Optional.ofNullable(failure);
        }
    }

    /** A mailbox between tasks of this world. */
    private final class Box<T> implements Mailbox<T> {
        private final Deque<T> items = new ArrayDeque<>();
        private final int capacity;

        Box(int capacity) {
            if (capacity < 1) {
                throw new IllegalArgumentException("a mailbox holds at least one item, not " + capacity);
            }
            this.capacity = capacity;
        }

        @Override
        public boolean offer(T item) {
            return items.size() < capacity && items.add(item);
        }

        @Override
        public T take() throws InterruptedException {
            await(() -> !items.isEmpty(), Long.MAX_VALUE);
            return items.removeFirst();
        }

        @Override
        public Optional<T> poll(Duration wait) throws InterruptedException {
            return await(() -> !items.isEmpty(), deadline(wait)) ? Optional.of(items.removeFirst()) : Optional.empty();
        }

        @Override
        public List<T> drain(int max) {
            List<T> out = new ArrayList<>();
            while (out.size() < max && !items.isEmpty()) {
                out.add(items.removeFirst());
            }
            return out;
        }

        @Override
        public int size() {
            return items.size();
        }
    }
}

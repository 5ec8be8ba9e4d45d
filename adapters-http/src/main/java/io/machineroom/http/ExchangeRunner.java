package io.machineroom.http;

import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.runtime.TimeSource;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs each exchange in a task of its own and ends those that stay too long. The JDK's server has limits of
 * this kind only for the whole process and in a form that cannot answer.
 */
final class ExchangeRunner implements Executor, AutoCloseable {
    private final Tasks tasks;
    private final TimeSource time;
    private final Duration limit;
    private final int maxConnections;
    private final Set<ExchangeClock> clocks = ConcurrentHashMap.newKeySet();
    private final ConcurrentHashMap<Thread, ExchangeClock> byThread = new ConcurrentHashMap<>();
    private final AtomicInteger inFlight = new AtomicInteger();
    private final Tasks.Task watch;

    ExchangeRunner(Tasks tasks, TimeSource time, Duration limit, int maxConnections) {
        this.tasks = tasks;
        this.time = time;
        this.limit = limit;
        this.maxConnections = maxConnections;
        this.watch = tasks.fork("gateway watch", this::watch);
    }

    /** The server closes the connection when this refuses. */
    @Override
    public void execute(Runnable exchange) {
        if (inFlight.incrementAndGet() > maxConnections + reserve()) {
            inFlight.decrementAndGet();
            throw new RejectedExecutionException("too many exchanges");
        }
        ExchangeClock clock = new ExchangeClock(time, limit);
        clocks.add(clock);
        clock.runsIn(tasks.fork("gateway exchange", () -> run(exchange, clock)));
    }

    private void run(Runnable exchange, ExchangeClock clock) {
        byThread.put(Thread.currentThread(), clock);
        try {
            exchange.run();
        } finally {
            byThread.remove(Thread.currentThread());
            clocks.remove(clock);
            inFlight.decrementAndGet();
        }
    }

    /** The clock of the exchange that runs in this task. */
    ExchangeClock current() {
        return Optional.ofNullable(byThread.get(Thread.currentThread()))
                .orElseThrow(() -> new IllegalStateException("not in an exchange"));
    }

    int inFlight() {
        return inFlight.get();
    }

    /** Whether a request must be told to come later. */
    boolean crowded() {
        return inFlight.get() > maxConnections;
    }

    /** Exchanges beyond the limit that still get a polite answer. */
    private int reserve() {
        return Math.max(4, maxConnections / 8);
    }

    private void watch() throws InterruptedException {
        Duration pause = limit.dividedBy(8);
        if (pause.compareTo(Duration.ofSeconds(1)) > 0) {
            pause = Duration.ofSeconds(1);
        }
        while (true) {
            tasks.sleep(pause);
            for (ExchangeClock clock : clocks) {
                if (clock.late()) {
                    tasks.fork("gateway late", () -> end(clock));
                }
            }
        }
    }

    private void end(ExchangeClock clock) throws InterruptedException {
        try {
            tasks.fork("gateway last word", clock::sayLastWord).join(Duration.ofSeconds(1));
        } finally {
            clock.cut();
        }
    }

    /** Interrupts what still runs. */
    @Override
    public void close() {
        watch.cancel();
        clocks.forEach(ExchangeClock::cut);
    }
}

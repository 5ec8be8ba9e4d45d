package io.machineroom.app.host;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntUnaryOperator;
import jdk.management.VirtualThreadSchedulerMXBean;

/**
 * Sees that virtual threads go on. A virtual thread that waits for a monitor while a class is loaded for it keeps its
 * carrier, and by default there are as many carriers as processors. On two processors, two such threads are
 * enough to stop all others for ever, if what they wait for is owed to one that has no carrier: a start of the agent
 * was seen to hang so, in the lists of {@code java.lang.ref.Cleaner}.
 *
 * <p>So every two seconds a virtual thread is asked for a sign of life. If none comes within a second, the scheduler
 * gets eight carriers more, up to 256, until signs come at once again for a minute. Concerns the whole JVM, as its scheduler does.
 */
final class CarrierWatch {
    static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final Duration PAUSE = Duration.ofSeconds(2);
    private static final int MORE = 8;
    /** The JVM's own bound of carriers. */
    private static final int MOST = 256;
    /** Signs of life in a row after which the scheduler is as before. */
    private static final int CALM = 30;

    private static final long STACK_BYTES = 192 << 10;
    private static final System.Logger LOG = System.getLogger(CarrierWatch.class.getName());
    private static final AtomicBoolean STARTED = new AtomicBoolean();

    private int before;
    private int calm;

    private CarrierWatch() {}

    /** Starts it for this JVM, unless it runs. */
    static void ensure() {
        if (STARTED.compareAndSet(false, true)) {
            Thread thread = new Thread(null, () -> new CarrierWatch().run(), "carrier-watch", STACK_BYTES);
            thread.setDaemon(true);
            thread.start();
        }
    }

    private void run() {
        try {
            while (true) {
                if (!signOfLife()) {
                    widen();
                } else if (before > 0 && ++calm >= CALM) {
                    restore();
                }
                Thread.sleep(PAUSE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean signOfLife() throws InterruptedException {
        CountDownLatch alive = new CountDownLatch(1);
        Thread.ofVirtual().name("sign-of-life").start(alive::countDown);
        return alive.await(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void widen() {
        calm = 0;
        int found = set(now -> Math.min(MOST, now + MORE));
        before = before == 0 ? found : before;
        LOG.log(
                System.Logger.Level.WARNING,
                "no virtual thread ran for {0} ms: {1} carriers were not enough and get {2} more",
                PATIENCE.toMillis(),
                found,
                MORE);
    }

    private void restore() {
        int back = before;
        set(now -> back);
        before = 0;
        calm = 0;
    }

    /** Sets the number of carriers and returns what it was. The bean is not loaded before it is needed. */
    private static int set(IntUnaryOperator change) {
        VirtualThreadSchedulerMXBean scheduler =
                ManagementFactory.getPlatformMXBean(VirtualThreadSchedulerMXBean.class);
        int found = scheduler.getParallelism();
        scheduler.setParallelism(change.applyAsInt(found));
        return found;
    }
}

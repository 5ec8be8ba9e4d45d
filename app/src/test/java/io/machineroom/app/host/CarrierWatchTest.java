package io.machineroom.app.host;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import jdk.management.VirtualThreadSchedulerMXBean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Virtual threads go on although every carrier of the JVM is kept by one that initialises a class. */
public class CarrierWatchTest {
    /** Public for classes of other class loaders. */
    public static final CountDownLatch RELEASE = new CountDownLatch(1);

    @Test
    @Timeout(120)
    void moreCarriersComeWhenAllAreKept() throws Exception {
        List<Thread> keepers = new ArrayList<>();
        CountDownLatch ran = new CountDownLatch(1);
        try {
            int carriers = scheduler().getParallelism();
            CountDownLatch kept = new CountDownLatch(carriers);
            for (int i = 0; i < carriers; i++) {
                Class<?> stuck = new OwnCopy().loadClass(Stuck.class.getName());
                keepers.add(Thread.ofVirtual().start(() -> initialise(stuck, kept)));
            }
            assertTrue(kept.await(60, TimeUnit.SECONDS));
            CarrierWatch.ensure();
            Thread.ofVirtual().start(ran::countDown);
            assertTrue(ran.await(60, TimeUnit.SECONDS));
            assertTrue(scheduler().getParallelism() > carriers, "all were kept, so it ran on one more");
        } finally {
            RELEASE.countDown();
            for (Thread keeper : keepers) {
                keeper.join();
            }
        }
    }

    private static VirtualThreadSchedulerMXBean scheduler() {
        return ManagementFactory.getPlatformMXBean(VirtualThreadSchedulerMXBean.class);
    }

    private static void initialise(Class<?> stuck, CountDownLatch kept) {
        kept.countDown();
        try {
            Class.forName(stuck.getName(), true, stuck.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }

    /** Keeps the carrier of the virtual thread that initialises it: there is a frame of the JVM on its stack. */
    static final class Stuck {
        static {
            try {
                RELEASE.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private Stuck() {}
    }

    /** One more class of the same bytes. */
    private static final class OwnCopy extends ClassLoader {
        OwnCopy() {
            super(CarrierWatchTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.equals(Stuck.class.getName())) {
                return super.loadClass(name, resolve);
            }
            try (InputStream in = CarrierWatchTest.class.getResourceAsStream("CarrierWatchTest$Stuck.class")) {
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }
}

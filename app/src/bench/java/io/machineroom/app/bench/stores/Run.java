package io.machineroom.app.bench.stores;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * What one store did in one run.
 *
 * @param rate durable appends a second, all producers together
 * @param p50Millis median time of one append
 * @param p99Millis 99th percentile of it
 * @param readRate events read back a second
 * @param allocated bytes of heap allocated per appended event, by all threads, the producers' own included
 */
record Run(double rate, double p50Millis, double p99Millis, double readRate, double allocated) {
    private static final long READ_NANOS = TimeUnit.MILLISECONDS.toNanos(333);
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    static Run of(DurableStore store, int body, int producers, long seconds) throws Exception {
        long allocatedBefore = THREADS.getTotalThreadAllocatedBytes();
        long start = System.nanoTime();
        long[] latencies = append(store, body, producers, start + TimeUnit.SECONDS.toNanos(seconds));
        double elapsed = (System.nanoTime() - start) / 1e9;
        double allocated = THREADS.getTotalThreadAllocatedBytes() - allocatedBefore;
        Arrays.sort(latencies);
        return new Run(
                latencies.length / elapsed,
                latencies[latencies.length / 2] / 1e6,
                latencies[(int) (latencies.length * 0.99)] / 1e6,
                readRate(store, latencies.length),
                allocated / latencies.length);
    }

    /** Reads all again and again for at least a third of a second: few events are read before the compiler looked at the code. */
    private static double readRate(DurableStore store, long appended) throws Exception {
        long start = System.nanoTime();
        long all = 0;
        do {
            long read = store.readAll();
            if (read != appended) {
                throw new IllegalStateException(appended + " appended, " + read + " read");
            }
            all += read;
        } while (System.nanoTime() - start < READ_NANOS);
        return all / ((System.nanoTime() - start) / 1e9);
    }

    private static long[] append(DurableStore store, int body, int producers, long end) throws Exception {
        List<Future<long[]>> results = new ArrayList<>();
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < producers; i++) {
                results.add(executor.submit(() -> produce(store, body, end)));
            }
        }
        List<long[]> parts = new ArrayList<>();
        for (Future<long[]> result : results) {
            parts.add(result.get());
        }
        return parts.stream().flatMapToLong(Arrays::stream).toArray();
    }

    private static long[] produce(DurableStore store, int body, long end) throws Exception {
        byte[] event = new byte[body];
        long[] latencies = new long[1 << 16];
        int count = 0;
        long before = System.nanoTime();
        while (before < end) {
            store.append(event);
            long now = System.nanoTime();
            if (count == latencies.length) {
                latencies = Arrays.copyOf(latencies, count * 2);
            }
            latencies[count++] = now - before;
            before = now;
        }
        return Arrays.copyOf(latencies, count);
    }
}

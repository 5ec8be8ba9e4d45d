package io.machineroom.http;

import io.machineroom.ports.PortException;
import io.machineroom.ports.kv.Bucket;
import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.runtime.TimeSource;
import java.time.Duration;
import java.util.Optional;

/** Asks for the next revision of a key, again and again, until its task is cancelled. */
final class BucketWatch {
    private static final System.Logger LOG = System.getLogger(BucketWatch.class.getName());
    private static final Duration WAIT = Duration.ofSeconds(20);
    private static final Duration PAUSE = Duration.ofSeconds(2);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(60);

    private final HttpBucket bucket;
    private final String key;
    private final Mailbox<Bucket.Entry> into;
    private final Tasks tasks;
    private final TimeSource time;
    private Optional<HttpBucket.Known> known = Optional.empty();
    private long lastRevision;
    private boolean first = true;
    private Duration pause = PAUSE;

    BucketWatch(HttpBucket bucket, String key, Mailbox<Bucket.Entry> into, Tasks tasks, TimeSource time) {
        this.bucket = bucket;
        this.key = key;
        this.into = into;
        this.tasks = tasks;
        this.time = time;
    }

    void run() throws InterruptedException {
        while (true) {
            long start = time.ticks();
            try {
                HttpBucket.Reading reading = bucket.read(key, known, WAIT);
                pause = PAUSE;
                take(reading);
                boolean quick = time.ticks() - start < PAUSE.toNanos();
                if (quick && (!reading.changed() || known.isEmpty())) {
                    tasks.sleep(PAUSE); // a gateway that does not wait is not asked in a circle
                }
            } catch (PortException.Unavailable e) {
                LOG.log(System.Logger.Level.DEBUG, () -> "watch of " + key + ": " + e.code());
                Duration asked = e.retryAfter();
                tasks.sleep(asked == null ? pause : asked);
                pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
            }
        }
    }

    private void take(HttpBucket.Reading reading) throws InterruptedException {
        if (!reading.changed()) {
            return;
        }
        boolean news = first || known.isPresent();
        first = false;
        known = reading.known();
        if (reading.entry().isPresent()) {
            lastRevision = reading.entry().get().revision();
            offer(reading.entry().get());
        } else if (news) {
            offer(new Bucket.Entry(key, new byte[0], lastRevision, true));
        }
    }

    /** A wake-up that was lost would never come again. */
    private void offer(Bucket.Entry entry) throws InterruptedException {
        while (!into.offer(entry)) {
            tasks.sleep(PAUSE);
        }
    }
}

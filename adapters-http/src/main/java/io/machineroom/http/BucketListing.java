package io.machineroom.http;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.runtime.TimeSource;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Asks for the keys of a bucket and their revisions, once or for ever. */
final class BucketListing {
    private static final System.Logger LOG = System.getLogger(BucketListing.class.getName());
    private static final int MAX_KEYS = 100_000;
    private static final int MAX_ANSWER = 16 * 1024 * 1024;
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration WAIT = Duration.ofSeconds(20);
    private static final Duration PAUSE = Duration.ofSeconds(2);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(60);

    private final GatewaySession session;
    private final String name;

    BucketListing(GatewaySession session, String name) {
        this.session = session;
        this.name = name;
    }

    /**
     * A listing.
     *
     * @param etag under which the gateway knows it
     * @param revisions by key
     */
    record Listing(String etag, Map<String, Long> revisions) {
        static final Listing NONE = new Listing("", Map.of());

        /** Keys whose revisions are others now, or that are gone. */
        Set<String> changedSince(Listing before) {
            Set<String> out = new HashSet<>(before.revisions().keySet());
            out.addAll(revisions.keySet());
            out.removeIf(key -> before.revisions().getOrDefault(key, 0L).equals(revisions.getOrDefault(key, 0L)));
            return out;
        }
    }

    /**
     * The listing; empty when it is still the known one.
     *
     * @throws PortException.Unavailable {@code bucket.unreachable}, {@code bucket.missing}
     * @throws PortException.Refused {@code bucket.too-many-keys}
     */
    Optional<Listing> read(Listing known, Duration wait) throws InterruptedException {
        GatewayClient.Ask ask = new GatewayClient.Ask(
                "GET",
                "/v1/desired/" + name + (wait.isZero() ? "" : "?wait=" + wait.toSeconds()),
                known.etag().isEmpty() ? Map.of() : Map.of("If-None-Match", known.etag()),
                new byte[0],
                TIMEOUT.plus(wait),
                MAX_ANSWER);
        try {
            return judge(session.send(ask));
        } catch (PortException.Unavailable e) {
            if (e.code().startsWith("bucket.")) {
                throw e;
            }
            throw new PortException.Unavailable(
                    "bucket.unreachable", String.valueOf(e.getMessage()), e, e.retryAfter());
        }
    }

    private Optional<Listing> judge(GatewayClient.Answer answer) {
        if (answer.status() == 304) {
            return Optional.empty();
        }
        if (answer.status() == 404) {
            throw new PortException.Unavailable("bucket.missing", session.server() + " has no bucket " + name);
        }
        if (answer.status() != 200) {
            PortException why = Failures.refused(answer, session.json(), session.server());
            throw new PortException.Unavailable(
                    "bucket.unreachable",
                    String.valueOf(why.getMessage()),
                    why,
                    answer.retryAfter().orElse(null));
        }
        Map<String, Value> keys = Failures.object(answer, MAX_ANSWER, session)
                .obj("keys")
                .map(Value.Obj::fields)
                .orElse(Map.of());
        if (keys.size() > MAX_KEYS) {
            throw new PortException.Refused("bucket.too-many-keys", "more than " + MAX_KEYS + " keys in " + name);
        }
        Map<String, Long> revisions = new LinkedHashMap<>();
        keys.forEach((key, value) ->
                revisions.put(key, Value.obj("r", value).whole("r").orElse(0L)));
        return Optional.of(new Listing(answer.header("ETag").orElse(""), revisions));
    }

    /** Sends keys that changed until its task is cancelled; all of them at first, since nothing is known. */
    void watch(Mailbox<String> into, Tasks tasks, TimeSource time) throws InterruptedException {
        Listing known = Listing.NONE;
        Duration pause = PAUSE;
        while (true) {
            long start = time.ticks();
            try {
                Optional<Listing> now = read(known, WAIT);
                pause = PAUSE;
                if (now.isPresent()) {
                    now.get().changedSince(known).forEach(into::offer);
                    known = now.get();
                }
                boolean quick = time.ticks() - start < PAUSE.toNanos();
                if (quick && (now.isEmpty() || known.etag().isEmpty())) {
                    tasks.sleep(PAUSE); // a gateway that does not wait is not asked in a circle
                }
            } catch (PortException e) {
                LOG.log(System.Logger.Level.DEBUG, () -> "keys of " + name + ": " + e.code());
                tasks.sleep(pause);
                pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
            }
        }
    }
}

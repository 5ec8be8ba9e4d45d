package io.machineroom.http;

import io.machineroom.ports.PortException;
import io.machineroom.ports.kv.Bucket;
import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.runtime.TimeSource;
import io.machineroom.ports.transport.Link;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads desired state from a gateway. Values that did not change do not travel again. */
final class HttpBucket implements Bucket {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int MAX_VALUE = 1024 * 1024;
    private static final int REMEMBERED = 16;
    private static final Pattern KEY =
            Pattern.compile("[A-Za-z0-9_=-][A-Za-z0-9_=.-]*(/[A-Za-z0-9_=-][A-Za-z0-9_=.-]*)*");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]+");

    private final GatewaySession session;
    private final String name;
    private final Tasks tasks;
    private final TimeSource time;
    private final Map<String, Known> known = new LinkedHashMap<>(16, 0.75f, true);

    /**
     * A bucket by name.
     *
     * @throws PortException.Refused {@code bucket.key} for a name that cannot be one
     */
    HttpBucket(GatewaySession session, String name, Tasks tasks, TimeSource time) {
        if (!NAME.matcher(name).matches()) {
            throw new PortException.Refused("bucket.key", "'" + name + "' is no name of a bucket");
        }
        this.session = session;
        this.name = name;
        this.tasks = tasks;
        this.time = time;
    }

    @Override
    public Optional<Entry> get(String key) throws InterruptedException {
        Optional<Known> before = known(key);
        Reading reading = read(key, before, Duration.ZERO);
        return reading.changed() ? reading.entry() : before.map(Known::entry);
    }

    /**
     * Asks once, waiting up to that time for another revision than the known one.
     *
     * @throws PortException.Unavailable {@code bucket.unreachable}, {@code bucket.missing}
     */
    Reading read(String key, Optional<Known> before, Duration wait) throws InterruptedException {
        if (!KEY.matcher(key).matches()) {
            throw new PortException.Refused("bucket.key", "'" + key + "' is no key");
        }
        String query = wait.isZero() ? "" : "?wait=" + wait.toSeconds();
        GatewayClient.Ask ask = new GatewayClient.Ask(
                "GET",
                "/v1/desired/" + name + "/" + key + query,
                before.map(k -> Map.of("If-None-Match", k.etag())).orElse(Map.of()),
                new byte[0],
                TIMEOUT.plus(wait),
                MAX_VALUE);
        GatewayClient.Answer answer;
        try {
            answer = session.send(ask);
        } catch (PortException.Unavailable e) {
            throw new PortException.Unavailable(
                    "bucket.unreachable", String.valueOf(e.getMessage()), e, e.retryAfter());
        }
        return judge(key, answer);
    }

    private Reading judge(String key, GatewayClient.Answer answer) {
        if (answer.status() == 304) {
            return new Reading(false, Optional.empty(), Optional.empty());
        }
        if (answer.status() == 200) {
            Entry entry = new Entry(key, answer.body(), revision(answer), false);
            Optional<Known> now = answer.header("ETag").map(etag -> new Known(etag, entry));
            remember(key, now.orElse(null));
            return new Reading(true, Optional.of(entry), now);
        }
        PortException why = Failures.refused(answer, session.json(), session.server());
        if (answer.status() == 404 && why.code().equals("desired.absent")) {
            remember(key, null);
            return new Reading(true, Optional.empty(), Optional.empty());
        }
        String code = why.code().equals("bucket.missing") ? "bucket.missing" : "bucket.unreachable";
        throw new PortException.Unavailable(
                code, String.valueOf(why.getMessage()), why, answer.retryAfter().orElse(null));
    }

    private long revision(GatewayClient.Answer answer) {
        return answer.header("Mr-Revision")
                .filter(text -> text.matches("\\d{1,18}"))
                .map(Long::parseLong)
                .orElseThrow(() -> new PortException.Unavailable(
                        "bucket.unreachable", session.server() + " answered without a revision"));
    }

    private Optional<Known> known(String key) {
        synchronized (known) {
            return Optional.ofNullable(known.get(key));
        }
    }

    private void remember(String key, @Nullable Known value) {
        synchronized (known) {
            if (value == null) {
                known.remove(key);
                return;
            }
            known.put(key, value);
            if (known.size() > REMEMBERED) {
                known.remove(known.keySet().iterator().next());
            }
        }
    }

    @Override
    public long put(String key, byte[] value) {
        throw readOnly();
    }

    @Override
    public Optional<Long> create(String key, byte[] value) {
        throw readOnly();
    }

    @Override
    public Optional<Long> update(String key, byte[] value, long revision) {
        throw readOnly();
    }

    @Override
    public void delete(String key) {
        throw readOnly();
    }

    private PortException.Refused readOnly() {
        return new PortException.Refused(
                "bucket.read-only", "bucket " + name + " cannot be written over HTTPS; the backplane writes it");
    }

    @Override
    public Link.Subscription watch(String key, Mailbox<Entry> into) {
        BucketWatch watch = new BucketWatch(this, key, into, tasks, time);
        Tasks.Task task = tasks.fork("watch " + name + " " + key, watch::run);
        return task::cancel;
    }

    @Override
    public Set<String> keys() throws InterruptedException {
        return new BucketListing(session, name)
                .read(BucketListing.Listing.NONE, Duration.ZERO)
                .map(listing -> Set.copyOf(listing.revisions().keySet()))
                .orElse(Set.of());
    }

    @Override
    public Link.Subscription watchAll(Mailbox<String> into) {
        BucketListing listing = new BucketListing(session, name);
        Tasks.Task task = tasks.fork("watch " + name, () -> listing.watch(into, tasks, time));
        return task::cancel;
    }

    /** A value with the tag under which the gateway knows it. */
    record Known(String etag, Entry entry) {}

    /**
     * What one question brought.
     *
     * @param changed false when it is still as known
     * @param entry the value; empty when absent or not changed
     * @param known the value with its tag
     */
    record Reading(boolean changed, Optional<Entry> entry, Optional<Known> known) {}
}

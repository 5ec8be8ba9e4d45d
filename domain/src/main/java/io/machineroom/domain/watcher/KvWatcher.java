package io.machineroom.domain.watcher;

import io.machineroom.domain.expression.GoText;
import io.machineroom.domain.expression.Lookup;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.kv.Bucket;
import io.machineroom.ports.stream.Subject;
import io.machineroom.ports.transport.Link;
import io.machineroom.ports.watcher.Outcome;
import io.machineroom.ports.watcher.Properties;
import io.machineroom.ports.watcher.Watcher;
import io.machineroom.ports.watcher.WatcherContext;
import io.machineroom.ports.watcher.WatcherType;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one key of a bucket as machine data (spec 4.8). It polls at its interval, and where the link can tell of
 * changes it is woken by them. A value that looks like JSON and is none changes nothing and is told once.
 */
final class KvWatcher implements Watcher {
    private static final System.Logger LOG = System.getLogger(KvWatcher.class.getName());

    private static final Duration QUIET = Duration.ofSeconds(5);

    private final KvSettings settings;
    private final WatcherContext context;
    private String previous = "skipped";
    private @Nullable Value last;
    private long revision;
    private long polled;
    private boolean everPolled;
    private String watchedKey = "";
    private Link.@Nullable Subscription subscription;
    private Link.@Nullable Subscription republished;
    private long toldRevision;

    private KvWatcher(KvSettings settings, WatcherContext context) {
        this.settings = settings;
        this.context = context;
    }

    @Override
    public Outcome check(Trigger trigger) throws InterruptedException {
        if (trigger == Trigger.STATE_CHANGED && recently()) {
            return new Outcome.Unchanged(previous);
        }
        try {
            return poll();
        } catch (PortException e) {
            forget();
            boolean first = !previous.equals("error");
            previous = "error";
            return new Outcome.Failed(previous, e.code() + ": " + e.getMessage(), first, true, null);
        }
    }

    /** A change of state is no reason to ask again at once: whoever moves fast would poll fast. */
    private boolean recently() {
        long seconds = Math.round((context.time().ticks() - polled) / 1e9);
        return everPolled
                && Duration.ofSeconds(seconds).compareTo(context.interval().orElse(QUIET)) < 0;
    }

    private Outcome poll() throws InterruptedException {
        String key = context.expand(settings.key());
        Bucket bucket = context.bucket(settings.bucket());
        subscribe(bucket, key);
        Optional<Bucket.Entry> entry = bucket.get(key).filter(e -> !e.deleted());
        everPolled = true;
        polled = context.time().ticks();
        String dataKey = dataKey(key);
        // what somebody else took out of the data is put back; what two watchers write is nobody's to mend
        Value held = context.data().get(dataKey).orElse(null);
        Value before = held == null || last == null ? held : last;
        Optional<Value> value = entry.flatMap(this::parse);
        if (value.isEmpty()) {
            return gone(dataKey, before);
        }
        return decide(dataKey, before, value.get(), entry.get().revision());
    }

    /** As the original does: a name that cannot be filled in is the key as it stands in the manifest, without prefix. */
    private String dataKey(String key) {
        try {
            return (settings.prefix() ? settings.bucket() + "_" : "")
                    + (settings.storeKey().isEmpty() ? key : context.expand(settings.storeKey()));
        } catch (PortException.Refused e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "store_key of watcher {0}: {1}",
                    context.watcherName(),
                    e.getMessage());
            return settings.key();
        }
    }

    private Outcome gone(String dataKey, @Nullable Value before) {
        if (before == null) {
            return unchanged();
        }
        context.remove(dataKey);
        last = null;
        revision = 0;
        return changed();
    }

    private Outcome decide(String dataKey, @Nullable Value before, Value value, long now) {
        long earlier = revision;
        if (!value.equals(before)) {
            context.put(dataKey, value);
            last = value;
            revision = now;
            return changed();
        }
        last = value;
        revision = now;
        boolean matching = settings.onUpdate() && earlier > 0 && now > earlier;
        return matching || settings.onGet() ? changed() : unchanged();
    }

    private Optional<Value> parse(Bucket.Entry entry) {
        String text = new String(entry.value(), StandardCharsets.UTF_8);
        String trimmed = GoText.trim(text);
        boolean object = trimmed.startsWith("{") && trimmed.endsWith("}");
        boolean list = trimmed.startsWith("[") && trimmed.endsWith("]");
        if (!object && !list) {
            return Optional.of(Value.text(text));
        }
        Value value = json(entry, trimmed.getBytes(StandardCharsets.UTF_8));
        if (settings.hiera() && value instanceof Value.Obj hierarchy) {
            value = new Hiera(context.facts()).resolve(hierarchy);
        }
        return object && !settings.query().isEmpty() ? Lookup.find(value, settings.query()) : Optional.of(value);
    }

    private Value json(Bucket.Entry entry, byte[] bytes) {
        JsonFormat json = context.port(JsonFormat.class)
                .orElseThrow(() -> new PortException.Refused("kv.unavailable", "this build reads no JSON"));
        try {
            return json.read(bytes);
        } catch (PortException.Refused e) {
            if (toldRevision != entry.revision()) {
                toldRevision = entry.revision();
                context.publish(
                        "kv_rejected",
                        Value.obj("bucket", Value.text(settings.bucket()), "key", Value.text(entry.key()))
                                .with("revision", Value.num(entry.revision()))
                                .with("code", Value.text(e.code())));
            }
            throw e;
        }
    }

    private void subscribe(Bucket bucket, String key) {
        if (subscription == null || !key.equals(watchedKey)) {
            forget();
            subscription = quietly(() -> bucket.watch(key, new WakingMailbox<>(context::wake)));
            watchedKey = key;
        }
        if (!settings.republish().isEmpty() && republished == null) {
            Subject subject = subject(context.expand(settings.republish()));
            republished = quietly(() -> context.port(CoreMessages.class)
                    .orElseThrow(() -> new PortException.Refused("link.unsupported", "no messages in this build"))
                    .subscribe(subject, new WakingMailbox<>(context::wake)));
        }
    }

    private static Subject subject(String text) {
        try {
            return Subject.of(text);
        } catch (IllegalArgumentException e) {
            throw new PortException.Refused("kv.republish", "invalid republish_trigger '" + text + "'", e);
        }
    }

    private static Link.@Nullable Subscription quietly(Supplier<Link.Subscription> wanted) {
        try {
            return wanted.get();
        } catch (PortException e) {
            LOG.log(System.Logger.Level.DEBUG, () -> "polling only: " + e.code());
            return null;
        }
    }

    private void forget() {
        if (subscription != null) {
            subscription.close();
            subscription = null;
        }
        if (republished != null) {
            republished.close();
            republished = null;
        }
    }

    private Outcome changed() {
        previous = "changed";
        return new Outcome.Succeeded(previous);
    }

    private Outcome unchanged() {
        previous = "unchanged";
        return new Outcome.Unchanged(previous);
    }

    @Override
    public boolean stateChanged(boolean active) {
        if (!active) {
            previous = "skipped";
        }
        return false;
    }

    @Override
    public Value.Obj state() {
        Value.Obj state = Value.obj("state", Value.text(previous), "bucket", Value.text(settings.bucket()));
        state = settings.key().isEmpty() ? state : state.with("key", Value.text(settings.key()));
        return state.with("mode", Value.text(settings.mode()));
    }

    @Override
    public void close() {
        forget();
    }

    /** The kind. */
    record Type() implements WatcherType {
        @Override
        public String name() {
            return "kv";
        }

        @Override
        public IntervalRule interval() {
            return new IntervalRule(Duration.ofMillis(1), null, true, true, true);
        }

        @Override
        public Watcher create(Properties properties, WatcherContext context) {
            return new KvWatcher(KvSettings.read(properties), context);
        }
    }
}

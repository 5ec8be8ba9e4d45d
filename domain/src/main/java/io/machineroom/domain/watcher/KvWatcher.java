package io.machineroom.domain.watcher;

import io.machineroom.domain.expression.Lookup;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.kv.Bucket;
import io.machineroom.ports.transport.Link;
import io.machineroom.ports.watcher.Outcome;
import io.machineroom.ports.watcher.Properties;
import io.machineroom.ports.watcher.Watcher;
import io.machineroom.ports.watcher.WatcherContext;
import io.machineroom.ports.watcher.WatcherType;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one key of a bucket as machine data (spec 4.8). It polls at its interval, and where the link can tell of
 * changes it is woken by them. A value that looks like JSON and is none changes nothing and is told once.
 */
final class KvWatcher implements Watcher {
    private static final System.Logger LOG = System.getLogger(KvWatcher.class.getName());

    /** A change of state within this time of a poll does not poll again. */
    private static final long QUIET_NANOS = 5_000_000_000L;

    private final Settings settings;
    private final WatcherContext context;
    private String previous = "skipped";
    private @Nullable Value last;
    private long revision;
    private long polled;
    private boolean everPolled;
    private String watchedKey = "";
    private Link.@Nullable Subscription subscription;
    private long toldRevision;

    private KvWatcher(Settings settings, WatcherContext context) {
        this.settings = settings;
        this.context = context;
    }

    private record Settings(
            String bucket,
            String key,
            String mode,
            boolean prefix,
            String storeKey,
            boolean onGet,
            boolean onUpdate,
            String query) {
        static Settings read(Properties properties) {
            Settings settings = new Settings(
                    properties.required("bucket"),
                    Texts.optional(properties, "key"),
                    properties.text("mode").filter(m -> !m.isEmpty()).orElse("poll"),
                    properties.bool("bucket_prefix", true),
                    Texts.optional(properties, "store_key"),
                    properties.bool("on_successful_get", false),
                    properties.bool("on_matching_update", false),
                    properties.text("query").orElse(""));
            Texts.optional(properties, "republish_trigger");
            settings.check(properties);
            return settings;
        }

        private void check(Properties properties) {
            if (mode.equals("watch")) {
                properties.problem("mode", "watch mode not supported");
            } else if (!mode.equals("poll")) {
                properties.problem("mode", "mode should be 'poll' or 'watch'");
            } else if (key.isEmpty()) {
                properties.problem("key", "poll mode requires a key");
            }
            if (properties.bool("hiera_config", false)) {
                properties.problem("hiera_config", "hiera_config is not supported by this build");
            }
            try {
                Lookup.parse(query);
            } catch (PortException.Refused e) {
                properties.problem("query", String.valueOf(e.getMessage()));
            }
        }
    }

    @Override
    public Outcome check(Trigger trigger) throws InterruptedException {
        // a change of state is no reason to ask again at once: whoever moves fast would poll fast
        if (trigger == Trigger.STATE_CHANGED && everPolled && context.time().ticks() - polled < QUIET_NANOS) {
            return new Outcome.Unchanged(previous);
        }
        try {
            return poll();
        } catch (PortException e) {
            forget();
            previous = "error";
            return new Outcome.Failed(previous, e.code() + ": " + e.getMessage(), false, true, null);
        }
    }

    private Outcome poll() throws InterruptedException {
        String key = context.expand(settings.key);
        Bucket bucket = context.bucket(settings.bucket);
        subscribe(bucket, key);
        Optional<Bucket.Entry> entry = bucket.get(key).filter(e -> !e.deleted());
        everPolled = true;
        polled = context.time().ticks();
        String dataKey = (settings.prefix ? settings.bucket + "_" : "")
                + (settings.storeKey.isEmpty() ? key : context.expand(settings.storeKey));
        Value before = last != null ? last : context.data().get(dataKey).orElse(null);
        Optional<Value> value = entry.flatMap(this::parse);
        if (value.isEmpty()) {
            return gone(dataKey, before);
        }
        return decide(dataKey, before, value.get(), entry.get().revision());
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
        boolean matching = settings.onUpdate && earlier > 0 && now > earlier;
        return matching || settings.onGet ? changed() : unchanged();
    }

    private Optional<Value> parse(Bucket.Entry entry) {
        String text = new String(entry.value(), StandardCharsets.UTF_8);
        String trimmed = text.strip();
        boolean object = trimmed.startsWith("{") && trimmed.endsWith("}");
        boolean list = trimmed.startsWith("[") && trimmed.endsWith("]");
        if (!object && !list) {
            return Optional.of(Value.text(text));
        }
        Value value = json(entry, trimmed.getBytes(StandardCharsets.UTF_8));
        return object && !settings.query.isEmpty() ? Lookup.find(value, settings.query) : Optional.of(value);
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
                        Value.obj("bucket", Value.text(settings.bucket), "key", Value.text(entry.key()))
                                .with("revision", Value.num(entry.revision()))
                                .with("code", Value.text(e.code())));
            }
            throw e;
        }
    }

    private void subscribe(Bucket bucket, String key) {
        if (subscription != null && key.equals(watchedKey)) {
            return;
        }
        forget();
        try {
            subscription = bucket.watch(key, new WakingMailbox<>(context::wake));
            watchedKey = key;
        } catch (PortException e) {
            LOG.log(System.Logger.Level.DEBUG, () -> "polling only: " + e.code());
        }
    }

    private void forget() {
        if (subscription != null) {
            subscription.close();
            subscription = null;
        }
    }

    private Outcome changed() {
        previous = "changed";
        return new Outcome.Succeeded(previous, false, true, null);
    }

    private Outcome unchanged() {
        previous = "unchanged";
        return new Outcome.Unchanged(previous);
    }

    @Override
    public Value.Obj state() {
        Value.Obj state = Value.obj("state", Value.text(previous), "bucket", Value.text(settings.bucket));
        state = settings.key.isEmpty() ? state : state.with("key", Value.text(settings.key));
        return state.with("mode", Value.text(settings.mode));
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
            return new KvWatcher(Settings.read(properties), context);
        }
    }
}

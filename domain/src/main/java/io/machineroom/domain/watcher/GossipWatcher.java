package io.machineroom.domain.watcher;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.Subject;
import io.machineroom.ports.watcher.Outcome;
import io.machineroom.ports.watcher.Properties;
import io.machineroom.ports.watcher.Watcher;
import io.machineroom.ports.watcher.WatcherContext;
import io.machineroom.ports.watcher.WatcherType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Says the same message over and over while it is active (spec 4.6), for services that make themselves known. It never
 * moves its machine; a message that cannot be sent is told once, until one can.
 */
final class GossipWatcher implements Watcher {
    private static final Duration DEFAULT_INTERVAL = Duration.ofSeconds(15);

    /** Unix seconds of the year 1, which stands for "never". */
    private static final long NEVER = -62_135_596_800L;

    /** What no subject may hold: spaces, wildcards, empty tokens. */
    private static final Pattern BAD_SUBJECT = Pattern.compile(".*(?:[ ^*>]|\\.\\.).*");

    private final Settings settings;
    private final WatcherContext context;
    private final Due due;
    private boolean open;
    private boolean failing;
    private String subject = "";
    private String payload = "";
    private long said = NEVER;

    private GossipWatcher(Settings settings, WatcherContext context) {
        this.settings = settings;
        this.context = context;
        this.due = new Due(context.time(), Duration.ZERO);
    }

    private record Settings(String subject, String payload, long ttlSeconds, Optional<Registration> registration) {
        static Settings read(Properties properties) {
            String subject = Texts.optional(properties, "subject");
            String payload = Texts.optional(properties, "payload");
            long ttl = properties.whole("ttl_seconds", 0, Long.MIN_VALUE, Integer.MAX_VALUE);
            boolean registers = properties
                    .value("registration")
                    .filter(v -> !(v instanceof Value.Nil))
                    .isPresent();
            check(properties, "subject", subject, registers);
            check(properties, "payload", payload, registers);
            Settings settings = new Settings(subject, payload, ttl, Registration.read(properties));
            settings.registration
                    .map(r -> r.subject("x"))
                    .filter(made -> BAD_SUBJECT.matcher(made).matches())
                    .ifPresent(bad -> properties.problem("registration", "invalid registration subject"));
            return settings;
        }

        private static void check(Properties properties, String name, String text, boolean registers) {
            if (!registers && text.isEmpty()) {
                properties.problem(name, name + " is required");
            } else if (registers && !text.isEmpty()) {
                properties.problem(name, name + " cannot be set with registration");
            }
        }
    }

    @Override
    public Outcome check(Trigger trigger) {
        if (!due.now()) {
            return new Outcome.Unchanged("gossip", false, due.left());
        }
        Duration interval = context.interval().filter(Duration::isPositive).orElse(DEFAULT_INTERVAL);
        due.in(interval);
        try {
            say();
            failing = false;
            return new Outcome.Unchanged("gossip", false, interval);
        } catch (PortException e) {
            boolean first = !failing;
            failing = true;
            return new Outcome.Failed("error", e.code() + ": " + e.getMessage(), first, false, interval);
        }
    }

    private void say() {
        CoreMessages messages = context.port(CoreMessages.class)
                .orElseThrow(() ->
                        new PortException.Refused("gossip.unavailable", "this build lets no watcher publish messages"));
        String to = context.expand(
                settings.registration.map(r -> r.subject(context.instance())).orElse(settings.subject));
        String body = context.expand(settings.registration.map(this::json).orElse(settings.payload));
        Instant now = context.time().wall();
        Message message = new Message(
                literal(to),
                context.entropy().uuid(),
                headers(),
                ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8)),
                now);
        messages.publish(message);
        subject = to;
        payload = body;
        said = now.getEpochSecond();
    }

    private Map<String, String> headers() {
        Map<String, String> headers = new LinkedHashMap<>();
        if (settings.ttlSeconds > 0) {
            // the second is what servers know, the first what readers of the original may look for
            headers.put("Nats-TTLSeconds", settings.ttlSeconds + "s");
            headers.put("Nats-TTL", settings.ttlSeconds + "s");
        }
        return headers;
    }

    private static Subject literal(String text) {
        if (text.isEmpty() || BAD_SUBJECT.matcher(text).matches()) {
            throw new PortException.Refused("gossip.subject", "invalid subject '" + text + "'");
        }
        try {
            return Subject.of(text);
        } catch (IllegalArgumentException e) {
            throw new PortException.Refused("gossip.subject", "invalid subject '" + text + "'", e);
        }
    }

    private String json(Registration registration) {
        JsonFormat json = context.port(JsonFormat.class)
                .orElseThrow(() -> new PortException.Refused("gossip.unavailable", "this build writes no JSON"));
        return new String(json.write(registration.payload()), StandardCharsets.UTF_8);
    }

    @Override
    public boolean stateChanged(boolean active) {
        if (active && !open) {
            due.in(Duration.ZERO);
        }
        open = active;
        return false;
    }

    @Override
    public Value.Obj state() {
        return Value.obj("previous_subject", Value.text(subject), "previous_payload", Value.text(payload))
                .with("previous_gossip", Value.num(said));
    }

    /** The kind. */
    record Type() implements WatcherType {
        @Override
        public String name() {
            return "gossip";
        }

        @Override
        public IntervalRule interval() {
            return new IntervalRule(Duration.ZERO, DEFAULT_INTERVAL, false, true, true);
        }

        @Override
        public Watcher create(Properties properties, WatcherContext context) {
            return new GossipWatcher(Settings.read(properties), context);
        }
    }
}

package io.machineroom.domain.replication.copy;

import io.machineroom.domain.expression.Lookup;
import io.machineroom.domain.replication.config.Sampling;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.replica.CopyMessage;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Decides which messages are left out because enough of their sender was copied. One task. */
final class Limiter {
    private static final int MOST_DIGITS = 400;

    private final Sampling.Key by;
    private final Tracker tracker;
    private final JsonFormat json;
    private final JobMeter meter;
    private final Optional<Lookup> field;
    private final Optional<Lookup> force;

    Limiter(Sampling.Key by, Tracker tracker, JsonFormat json, JobMeter meter) {
        this.by = by;
        this.tracker = tracker;
        this.json = json;
        this.meter = meter;
        this.field = by instanceof Sampling.Key.Field f ? Optional.of(Lookup.parse(f.path())) : Optional.empty();
        this.force = by instanceof Sampling.Key.Field f && !f.force().isEmpty()
                ? Optional.of(Lookup.parse(f.force()))
                : Optional.empty();
    }

    /**
     * What was decided about a message.
     *
     * @param key its sender; empty when it names none
     * @param copy whether it is copied
     * @param size bytes of its body
     */
    record Decision(String key, boolean copy, long size) {}

    /** Decides; what came of it has to be told with {@link #done}. */
    Decision decide(CopyMessage message) {
        Optional<Value> body = field.isPresent() ? body(message) : Optional.empty();
        String key = key(message, body);
        long size = message.body().length;
        if (key.isEmpty()) {
            meter.limiter("limiter_messages_without_limit_field_count");
            return new Decision("", true, size);
        }
        if (force.isPresent()
                && body.isPresent()
                && find(force.get(), body.get()).isPresent()) {
            meter.limiter("limiter_messages_copy_forced_count");
            return new Decision(key, true, size);
        }
        return new Decision(key, tracker.wants(key, size), size);
    }

    /** It was copied, or left out for good. Not before: one that fails is decided about again. */
    void done(Decision decision) {
        tracker.seen(decision.key(), decision.size());
        if (decision.copy()) {
            tracker.copied(decision.key());
        }
    }

    /** Who sent it; empty when it does not say. */
    String key(CopyMessage message) {
        return key(message, field.isPresent() ? body(message) : Optional.empty());
    }

    private String key(CopyMessage message, Optional<Value> body) {
        return switch (by) {
            case Sampling.Key.Field _ ->
                body.flatMap(b -> find(field.orElseThrow(), b)).map(this::text).orElse("");
            case Sampling.Key.Header header -> message.header(header.name()).orElse("");
            case Sampling.Key.Token token -> token(message.subject(), token.position());
        };
    }

    private static String token(String subject, long position) {
        if (position < 0) {
            return subject;
        }
        String[] tokens = subject.split("\\.");
        return position <= tokens.length ? tokens[(int) position - 1] : "";
    }

    private Optional<Value> body(CopyMessage message) {
        try {
            return Optional.of(json.read(message.body()));
        } catch (PortException.Refused notJson) {
            // it names no sender, and is counted as such
            return Optional.empty();
        }
    }

    private static Optional<Value> find(Lookup path, Value body) {
        try {
            return path.in(body);
        } catch (PortException.Refused tooLong) {
            // a path that takes too many steps in this body finds nothing in it
            return Optional.empty();
        }
    }

    /**
     * {@code 7}, {@code 7.0} and {@code 70e-1} name one sender, as in state files of the original; one of a thousand digits stays
     * as it is written.
     */
    private static String plain(BigDecimal number) {
        if (number.scale() == 0 || Math.abs((long) number.scale()) > MOST_DIGITS || number.precision() > MOST_DIGITS) {
            return number.toString();
        }
        return number.stripTrailingZeros().toPlainString();
    }

    private String text(Value value) {
        return switch (value) {
            case Value.Text t -> t.value();
            case Value.Num n -> plain(n.value());
            case Value.Bool b -> Boolean.toString(b.value());
            case Value.Nil _ -> "";
            case Value.Arr _, Value.Obj _ -> new String(json.write(value), StandardCharsets.UTF_8);
        };
    }
}

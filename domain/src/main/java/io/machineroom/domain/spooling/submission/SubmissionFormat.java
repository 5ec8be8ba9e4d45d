package io.machineroom.domain.spooling.submission;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.runtime.Entropy;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The message file of spec streams 2.2, to and from {@link Submission}. Stateless. */
public final class SubmissionFormat {
    /** {@value}: the code of whatever is wrong with a message itself. */
    public static final String INVALID = "submission.invalid";

    private static final String NEVER = "0001-01-01T00:00:00Z";
    private static final String NO_TIME = "'created' is not a time such as 2026-01-31T12:00:00Z";
    private static final long MAX_TRIES = 500;
    private static final Duration TTL = Duration.ofDays(7);

    private SubmissionFormat() {}

    /**
     * A new message with the defaults of the format: priority 0, unreliable, seven days, 500 tries.
     *
     * @param node identity of the node, and the sender until another is named; may be empty
     */
    public static Value.Obj fresh(String subject, byte[] payload, String node, Instant now, Entropy entropy) {
        Map<String, Value> out = new LinkedHashMap<>();
        out.put("id", Value.text(entropy.uuid()));
        out.put("subject", Value.text(subject));
        out.put("payload", Value.text(Base64.getEncoder().encodeToString(payload)));
        out.put("reliable", Value.bool(false));
        out.put("priority", Value.num(0));
        out.put("created", Value.text(now.toString()));
        out.put("ttl", Value.num(TTL.toSeconds()));
        out.put("max_tries", Value.num(MAX_TRIES));
        out.put("tries", Value.num(0));
        out.put("next_try", Value.text(NEVER));
        out.put("sender", Value.text(node));
        out.put("identity", Value.text(node));
        out.put("sign", Value.bool(false));
        out.put("headers", Value.nil());
        return Value.obj(out);
    }

    /** A message as it stands in its file. */
    static Value.Obj write(Submission message) {
        Map<String, Value> out = new LinkedHashMap<>();
        out.put("id", Value.text(message.id()));
        out.put("subject", Value.text(message.subject()));
        out.put("payload", Value.text(Base64.getEncoder().encodeToString(message.bytes())));
        out.put("reliable", Value.bool(message.reliable()));
        out.put("priority", Value.num(message.priority()));
        out.put("created", Value.text(message.created().toString()));
        out.put("ttl", new Value.Num(BigDecimal.valueOf(message.ttlSeconds())));
        out.put("max_tries", Value.num(message.maxTries()));
        out.put("tries", Value.num(message.tries()));
        out.put("next_try", Value.text(NEVER));
        out.put("sender", Value.text(message.sender()));
        out.put("identity", Value.text(message.identity()));
        out.put("sign", Value.bool(message.sign()));
        Map<String, Value> headers = new LinkedHashMap<>();
        message.headers().forEach((name, value) -> headers.put(name, Value.text(value)));
        out.put("headers", headers.isEmpty() ? Value.nil() : Value.obj(headers));
        return Value.obj(out);
    }

    /**
     * Reads a message; what it says is checked by {@link SubmissionRules}.
     *
     * @param spareId the id of a message that has none
     * @throws PortException.Refused {@value #INVALID} when a field is of another type
     */
    public static Submission read(Value file, String spareId) {
        if (!(file instanceof Value.Obj from)) {
            throw invalid("a message is a JSON object");
        }
        String id = text(from, "id");
        return new Submission(
                id.isEmpty() ? spareId : id,
                text(from, "subject"),
                ByteBuffer.wrap(payload(from)),
                flag(from, "reliable"),
                priority(from),
                created(from),
                number(from, "ttl").doubleValue(),
                count(from, "max_tries"),
                count(from, "tries"),
                text(from, "sender"),
                text(from, "identity"),
                flag(from, "sign"),
                headers(from));
    }

    private static Optional<Value> field(Value.Obj from, String key) {
        return from.get(key).filter(value -> !(value instanceof Value.Nil));
    }

    private static String text(Value.Obj from, String key) {
        return field(from, key).isEmpty()
                ? ""
                : from.text(key).orElseThrow(() -> invalid("'" + key + "' is not a text"));
    }

    private static boolean flag(Value.Obj from, String key) {
        return field(from, key).isPresent()
                && from.bool(key).orElseThrow(() -> invalid("'" + key + "' is neither true nor false"));
    }

    private static BigDecimal number(Value.Obj from, String key) {
        return switch (field(from, key).orElse(Value.num(0))) {
            case Value.Num(BigDecimal value) -> value;
            default -> throw invalid("'" + key + "' is not a number");
        };
    }

    private static long count(Value.Obj from, String key) {
        BigDecimal value = number(from, key);
        if (value.signum() < 0 || value.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
            throw invalid("'" + key + "' is not a count");
        }
        return value.longValue();
    }

    /** Any number: one that is no priority is told as such, not as another type. */
    private static int priority(Value.Obj from) {
        BigDecimal value = number(from, "priority");
        boolean whole = value.stripTrailingZeros().scale() <= 0;
        boolean within = value.signum() >= 0 && value.compareTo(BigDecimal.valueOf(Submission.PRIORITIES)) < 0;
        return whole && within ? value.intValue() : -1;
    }

    /** Lines may be broken, as tools for the shell break them; the original reads over that, too. */
    private static byte[] payload(Value.Obj from) {
        try {
            return Base64.getDecoder()
                    .decode(text(from, "payload").replace("\r", "").replace("\n", ""));
        } catch (IllegalArgumentException e) {
            throw new PortException.Refused(INVALID, "'payload' is not base64", e);
        }
    }

    private static Instant created(Value.Obj from) {
        String text = text(from, "created");
        if (text.isEmpty() || text.equals(NEVER)) {
            return Instant.MIN;
        }
        try {
            OffsetDateTime time = OffsetDateTime.parse(text);
            if (time.getYear() > 0 && time.getYear() < 10_000) {
                return time.toInstant();
            }
        } catch (DateTimeException e) {
            throw new PortException.Refused(INVALID, NO_TIME, e);
        }
        throw invalid(NO_TIME);
    }

    private static Map<String, String> headers(Value.Obj from) {
        if (field(from, "headers").isEmpty()) {
            return Map.of();
        }
        Map<String, String> out = new LinkedHashMap<>();
        for (var header : from.obj("headers")
                .orElseThrow(() -> invalid("'headers' is not an object"))
                .fields()
                .entrySet()) {
            if (!(header.getValue() instanceof Value.Text(String value))) {
                throw invalid("header '" + header.getKey() + "' is not a text");
            }
            out.put(header.getKey(), value);
        }
        return out;
    }

    static PortException.Refused invalid(String what) {
        return new PortException.Refused(INVALID, what);
    }
}

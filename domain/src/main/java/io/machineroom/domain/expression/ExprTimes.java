package io.machineroom.domain.expression;

import io.machineroom.domain.expression.ExprBuiltIns.Entry;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.watcher.Durations;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Times, durations and time zones in expressions. There is no such kind of value, and there should be none only for the few
 * expressions that need it, so they are maps with one key that no document has; {@link #plain} makes texts of them where
 * they leave an expression.
 */
final class ExprTimes {
    private static final String TIME = "\u0000time";
    private static final String DURATION = "\u0000duration";
    private static final String ZONE = "\u0000zone";

    private ExprTimes() {}

    static void add(Map<String, Entry> all) {
        all.put("duration", new Entry(ExprKind.DURATION, "s", 1, ExprTimes::parseDuration));
        all.put("date", new Entry(ExprKind.TIME, "sss", 1, ExprTimes::parseDate));
        all.put("timezone", new Entry(ExprKind.ZONE, "s", 1, ExprTimes::parseZone));
    }

    static Value of(ZonedDateTime time) {
        return Value.obj(TIME, Value.text(time.toString()));
    }

    static Value of(Duration duration) {
        return Value.obj(DURATION, new Value.Num(BigDecimal.valueOf(duration.toNanos())));
    }

    static ExprKind kind(Value.Obj fields) {
        return fields.fields().size() != 1
                ? ExprKind.MAP
                : switch (fields.fields().keySet().iterator().next()) {
                    case TIME -> ExprKind.TIME;
                    case DURATION -> ExprKind.DURATION;
                    case ZONE -> ExprKind.ZONE;
                    default -> ExprKind.MAP;
                };
    }

    static @Nullable ZonedDateTime time(Value value) {
        String text = value instanceof Value.Obj fields ? fields.text(TIME).orElse(null) : null;
        try {
            return text == null ? null : ZonedDateTime.parse(text);
        } catch (DateTimeException e) {
            // somebody's document has the key: then it is a map
            return null;
        }
    }

    static @Nullable Duration duration(Value value) {
        Long nanos = value instanceof Value.Obj fields ? fields.whole(DURATION).orElse(null) : null;
        return nanos == null ? null : Duration.ofNanos(nanos);
    }

    /** Null when the operator is not for these. */
    static @Nullable Value arithmetic(String operator, Value a, Value b) {
        ZonedDateTime time = time(a);
        Duration left = duration(a);
        Duration right = duration(b);
        if (time != null && right != null) {
            return operator.equals("+") ? of(time.plus(right)) : operator.equals("-") ? of(time.minus(right)) : null;
        }
        ZonedDateTime other = time(b);
        if (time != null && other != null) {
            return operator.equals("-") ? of(Duration.between(other, time)) : null;
        }
        if (left != null && other != null) {
            return operator.equals("+") ? of(other.plus(left)) : null;
        }
        if (left != null && right != null) {
            return operator.equals("+") ? of(left.plus(right)) : operator.equals("-") ? of(left.minus(right)) : null;
        }
        Duration one = left != null ? left : right;
        Value factor = left != null ? b : a;
        if (one != null && operator.equals("*") && factor instanceof Value.Num num) {
            BigDecimal nanos = BigDecimal.valueOf(one.toNanos()).multiply(num.value());
            return new Value.Num(nanos).isLong() || nanos.scale() > 0 ? of(Duration.ofNanos(exact(nanos))) : null;
        }
        return null;
    }

    private static long exact(BigDecimal nanos) {
        return nanos.setScale(0, java.math.RoundingMode.DOWN).longValueExact();
    }

    /** What may be called on a time or a duration; null when there is no such method. */
    static @Nullable Value method(Value of, String name, List<Value> given) {
        try {
            return called(of, name, given);
        } catch (DateTimeException | ArithmeticException e) {
            throw ExprNumbers.refused("a time is out of range, or a layout does not fit", e);
        }
    }

    private static @Nullable Value called(Value of, String name, List<Value> given) {
        ZonedDateTime time = time(of);
        Duration duration = duration(of);
        if (time != null && given.isEmpty()) {
            return part(time, name);
        }
        if (time != null && given.size() == 1) {
            return related(time, name, given.getFirst());
        }
        if (duration == null || !given.isEmpty()) {
            return null;
        }
        BigDecimal nanos = BigDecimal.valueOf(duration.toNanos());
        return switch (name) {
            case "Hours" ->
                new Value.Num(nanos.divide(BigDecimal.valueOf(3_600_000_000_000L), java.math.MathContext.DECIMAL64));
            case "Minutes" ->
                new Value.Num(nanos.divide(BigDecimal.valueOf(60_000_000_000L), java.math.MathContext.DECIMAL64));
            case "Seconds" -> new Value.Num(nanos.movePointLeft(9));
            case "Milliseconds" -> Value.num(duration.toMillis());
            case "Microseconds" -> Value.num(duration.toNanos() / 1000);
            case "Nanoseconds" -> Value.num(duration.toNanos());
            case "String" -> Value.text(Durations.print(duration));
            default -> null;
        };
    }

    private static @Nullable Value part(ZonedDateTime time, String name) {
        return switch (name) {
            case "Year" -> Value.num(time.getYear());
            case "Month" -> Value.num(time.getMonthValue());
            case "Day" -> Value.num(time.getDayOfMonth());
            case "Hour" -> Value.num(time.getHour());
            case "Minute" -> Value.num(time.getMinute());
            case "Second" -> Value.num(time.getSecond());
            case "YearDay" -> Value.num(time.getDayOfYear());
            case "Weekday" -> Value.num(time.getDayOfWeek().getValue() % 7);
            case "Unix" -> Value.num(time.toEpochSecond());
            case "UnixMilli" -> Value.num(time.toInstant().toEpochMilli());
            case "UTC" -> of(time.withZoneSameInstant(ZoneId.of("UTC")));
            case "String" -> Value.text(print(time));
            default -> null;
        };
    }

    private static @Nullable Value related(ZonedDateTime time, String name, Value given) {
        ZonedDateTime other = time(given);
        String zone = given instanceof Value.Obj fields ? fields.text(ZONE).orElse(null) : null;
        return switch (name) {
            case "Before" -> other == null ? null : Value.bool(time.toInstant().isBefore(other.toInstant()));
            case "After" -> other == null ? null : Value.bool(time.toInstant().isAfter(other.toInstant()));
            case "Equal" -> other == null ? null : Value.bool(time.toInstant().equals(other.toInstant()));
            case "Sub" -> other == null ? null : of(Duration.between(other, time));
            case "Add" -> arithmetic("+", of(time), given);
            case "In" -> zone == null ? null : of(time.withZoneSameInstant(ZoneId.of(zone)));
            case "Format" ->
                given instanceof Value.Text layout
                        ? Value.text(time.format(GoLayouts.formatter(layout.value())))
                        : null;
            default -> null;
        };
    }

    private static String print(ZonedDateTime time) {
        return time.format(DateTimeFormatter.ISO_OFFSET_DATE_TIME);
    }

    /** The same with times and durations as texts. */
    static Value plain(Value value) {
        ZonedDateTime time = time(value);
        Duration duration = duration(value);
        if (time != null || duration != null) {
            return Value.text(
                    time != null ? print(time) : Durations.print(duration == null ? Duration.ZERO : duration));
        }
        return switch (value) {
            case Value.Arr list ->
                new Value.Arr(list.items().stream().map(ExprTimes::plain).toList());
            case Value.Obj fields -> {
                Map<String, Value> out = new LinkedHashMap<>();
                fields.fields().forEach((key, item) -> out.put(key, plain(item)));
                yield Value.obj(out);
            }
            default -> value;
        };
    }

    private static Value parseDuration(ExprArguments in) {
        try {
            return of(Durations.parse(in.text(0)));
        } catch (IllegalArgumentException e) {
            throw ExprNumbers.refused(String.valueOf(e.getMessage()), e);
        }
    }

    private static Value parseDate(ExprArguments in) {
        try {
            ZoneId zone = ZoneId.of(in.text(2, "UTC"));
            return of(GoLayouts.parse(in.text(0), in.size() > 1 ? in.text(1) : "", zone));
        } catch (DateTimeException | ArithmeticException e) {
            throw ExprNumbers.refused("invalid date " + GoText.quote(in.text(0)), e);
        }
    }

    private static Value parseZone(ExprArguments in) {
        try {
            return Value.obj(ZONE, Value.text(ZoneId.of(in.text(0)).getId()));
        } catch (DateTimeException e) {
            throw ExprNumbers.refused("unknown time zone " + in.text(0), e);
        }
    }
}

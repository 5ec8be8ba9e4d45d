package io.machineroom.domain.expression;

import io.machineroom.domain.expression.RegexNode.CharSet;
import io.machineroom.domain.expression.RegexNode.Place;
import io.machineroom.ports.PortException;
import java.util.ArrayList;
import java.util.List;

/** Reads regular expressions of the RE2 kind; sets of characters are read by {@link RegexSets}. */
final class RegexParser {
    private static final int MAX_DEPTH = 100;
    private static final int MAX_TIMES = 1000;

    private final RegexCursor in;
    private final String code;
    private RegexCursor.Flags flags = new RegexCursor.Flags(false, false, false);
    private int depth;

    RegexParser(String text, String code) {
        this.in = new RegexCursor(text, code);
        this.code = code;
    }

    RegexNode parse() {
        RegexNode node = either();
        if (!in.end()) {
            throw in.invalid("unexpected )", in.rest());
        }
        return node;
    }

    private RegexNode either() {
        if (++depth > MAX_DEPTH) {
            throw new PortException.Refused(code, "error parsing regexp: expression nests too deeply");
        }
        List<RegexNode> parts = new ArrayList<>();
        parts.add(row());
        while (in.take("|")) {
            parts.add(row());
        }
        depth--;
        return parts.size() == 1 ? parts.getFirst() : new RegexNode.Either(List.copyOf(parts));
    }

    private RegexNode row() {
        List<RegexNode> parts = new ArrayList<>();
        while (!in.end() && !in.at("|") && !in.at(")")) {
            if (in.take("\\Q")) {
                in.upTo("\\E").codePoints().forEach(c -> parts.add(new RegexNode.One(single(c))));
                continue;
            }
            parts.add(repeated(part()));
        }
        return new RegexNode.All(List.copyOf(parts));
    }

    private RegexNode repeated(RegexNode part) {
        RegexNode out = part;
        int operator = in.index();
        boolean any = false;
        while (!in.end()) {
            int before = in.index();
            RegexNode next = once(out);
            if (next == null) {
                break;
            }
            if (any) {
                throw in.invalid("invalid nested repetition operator", in.between(operator, in.index()));
            }
            in.take("?");
            any = true;
            operator = before;
            out = next;
        }
        return out;
    }

    private @org.jspecify.annotations.Nullable RegexNode once(RegexNode part) {
        if (in.take("*")) {
            return new RegexNode.Times(part, 0, -1);
        }
        if (in.take("+")) {
            return new RegexNode.Times(part, 1, -1);
        }
        if (in.take("?")) {
            return new RegexNode.Times(part, 0, 1);
        }
        int[] times = in.times();
        if (times.length == 0) {
            return null;
        }
        if (times[0] > MAX_TIMES || times[1] > MAX_TIMES || (times[1] >= 0 && times[0] > times[1])) {
            throw in.invalid("invalid repeat count", "{" + times[0] + (times[1] < 0 ? "," : "," + times[1]) + "}");
        }
        return new RegexNode.Times(part, times[0], times[1]);
    }

    private RegexNode part() {
        int c = in.next();
        return switch (c) {
            case '(' -> group();
            case '[' -> new RegexNode.One(folded(RegexSets.brackets(in, flags.fold())));
            case '.' -> new RegexNode.One(flags.dotAll() ? any -> true : any -> any != '\n');
            case '^' -> new RegexNode.At(flags.lines() ? Place.LINE_START : Place.TEXT_START);
            case '$' -> new RegexNode.At(flags.lines() ? Place.LINE_END : Place.TEXT_END);
            case '\\' -> escaped();
            case '*', '+', '?' -> throw in.invalid("missing argument to repetition operator", Character.toString(c));
            default -> new RegexNode.One(single(c));
        };
    }

    private RegexNode escaped() {
        if (in.end()) {
            throw in.invalid("trailing backslash at end of expression", "");
        }
        Place place = in.take("A")
                ? Place.TEXT_START
                : in.take("z")
                        ? Place.TEXT_END
                        : in.take("b") ? Place.WORD_EDGE : in.take("B") ? Place.NO_WORD_EDGE : null;
        return place != null ? new RegexNode.At(place) : new RegexNode.One(folded(RegexSets.escape(in)));
    }

    private RegexNode group() {
        RegexCursor.Flags outer = flags;
        if (in.take("?")) {
            boolean named = in.take("P<") || in.take("<");
            if (named && !in.upTo(">").matches("[A-Za-z0-9_]+")) {
                throw in.invalid("invalid named capture", in.rest());
            }
            if (!named) {
                flags = in.flags(flags);
                if (in.take(")")) {
                    // without a colon they hold until the end of the group around
                    return new RegexNode.All(List.of());
                }
                in.take(":");
            }
        }
        RegexNode inner = either();
        if (!in.take(")")) {
            throw in.invalid("missing closing )", in.all());
        }
        flags = outer;
        return inner;
    }

    private CharSet single(int c) {
        return folded(given -> given == c);
    }

    private CharSet folded(CharSet set) {
        return flags.fold() ? RegexSets.fold(set) : set;
    }
}

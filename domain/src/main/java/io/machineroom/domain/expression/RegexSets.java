package io.machineroom.domain.expression;

import io.machineroom.domain.expression.RegexNode.CharSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads sets of characters: brackets, classes and escapes. Classes by letters are ASCII, as in RE2. */
final class RegexSets {
    private static final CharSet DIGIT = c -> c >= '0' && c <= '9';
    private static final CharSet SPACE = c -> c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
    private static final CharSet UPPER = c -> c >= 'A' && c <= 'Z';
    private static final CharSet LOWER = c -> c >= 'a' && c <= 'z';
    private static final CharSet ALPHA = c -> UPPER.has(c) || LOWER.has(c);
    static final CharSet WORD = c -> ALPHA.has(c) || DIGIT.has(c) || c == '_';
    private static final Map<String, CharSet> NAMED = Map.ofEntries(
            Map.entry("alnum", c -> ALPHA.has(c) || DIGIT.has(c)),
            Map.entry("alpha", ALPHA),
            Map.entry("ascii", c -> c < 0x80),
            Map.entry("blank", c -> c == ' ' || c == '\t'),
            Map.entry("cntrl", c -> c < ' ' || c == 0x7f),
            Map.entry("digit", DIGIT),
            Map.entry("graph", c -> c > ' ' && c < 0x7f),
            Map.entry("lower", LOWER),
            Map.entry("print", c -> c >= ' ' && c < 0x7f),
            Map.entry("punct", c -> c > ' ' && c < 0x7f && !ALPHA.has(c) && !DIGIT.has(c)),
            Map.entry("space", c -> SPACE.has(c) || c == 11),
            Map.entry("upper", UPPER),
            Map.entry("word", WORD),
            Map.entry("xdigit", c -> DIGIT.has(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F')));

    /** The general categories by their names, as the JDK numbers them. */
    private static final List<String> CATEGORIES = List.of(
            "Cn", "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Me", "Mc", "Nd", "Nl", "No", "-", "Zs", "Zl", "Zp", "Cc", "Cf",
            "-", "Co", "Cs", "Pd", "Ps", "Pe", "Pc", "Po", "Sm", "Sc", "Sk", "So", "Pi", "Pf");

    private RegexSets() {}

    static CharSet fold(CharSet set) {
        return c -> set.has(c)
                || set.has(Character.toLowerCase(c))
                || set.has(Character.toUpperCase(c))
                || set.has(Character.toTitleCase(c))
                || set.has(Character.toLowerCase(Character.toUpperCase(c)))
                || set.has(Character.toUpperCase(Character.toLowerCase(c)));
    }

    /** Behind an opening bracket; a negated set is folded before it is negated. */
    static CharSet brackets(RegexCursor in, boolean fold) {
        int start = in.index() - 1;
        boolean negated = in.take("^");
        List<CharSet> sets = new ArrayList<>();
        boolean first = true;
        while (first || !in.at("]")) {
            if (in.end()) {
                throw in.invalid("missing closing ]", in.between(start, in.all().length()));
            }
            first = false;
            sets.add(in.at("[:") && in.rest().indexOf(":]") > 0 ? named(in) : range(in));
        }
        in.take("]");
        List<CharSet> all = List.copyOf(sets);
        CharSet any = c -> {
            for (CharSet set : all) {
                if (set.has(c)) {
                    return true;
                }
            }
            return false;
        };
        CharSet folded = fold ? fold(any) : any;
        return negated ? c -> !folded.has(c) : folded;
    }

    private static CharSet named(RegexCursor in) {
        in.take("[:");
        boolean negated = in.take("^");
        String name = in.upTo(":]");
        CharSet set = NAMED.get(name);
        if (set == null) {
            throw in.invalid("invalid character class range", "[:" + (negated ? "^" : "") + name + ":]");
        }
        return negated ? c -> !set.has(c) : set;
    }

    private static CharSet range(RegexCursor in) {
        int start = in.index();
        if (in.at("\\")
                && in.rest().length() > 1
                && "dDwWsSpP".indexOf(in.rest().charAt(1)) >= 0) {
            in.next();
            return escape(in);
        }
        int from = character(in);
        boolean range = in.at("-") && in.rest().length() > 1 && !in.rest().startsWith("-]");
        if (!range) {
            return c -> c == from;
        }
        in.take("-");
        int to = character(in);
        if (to < from) {
            throw in.invalid("invalid character class range", in.between(start, in.index()));
        }
        return c -> c >= from && c <= to;
    }

    private static int character(RegexCursor in) {
        int c = in.next();
        return c == '\\' ? literal(in) : c;
    }

    /** Behind a backslash: a class, or a character. */
    static CharSet escape(RegexCursor in) {
        int start = in.index();
        int c = in.next();
        CharSet set = switch (c) {
            case 'd', 'D' -> DIGIT;
            case 's', 'S' -> SPACE;
            case 'w', 'W' -> WORD;
            case 'p', 'P' -> property(in);
            default -> null;
        };
        if (set != null) {
            return Character.isUpperCase(c) ? x -> !set.has(x) : set;
        }
        int literal = literal(in, c, start);
        return x -> x == literal;
    }

    private static int literal(RegexCursor in) {
        int start = in.index();
        return literal(in, in.next(), start);
    }

    private static int literal(RegexCursor in, int c, int start) {
        if (c == 'x') {
            String hex = in.take("{") ? in.upTo("}") : in.rest().length() > 1 ? two(in) : "";
            if (!hex.matches("[0-9a-fA-F]{1,6}") || Integer.parseInt(hex, 16) > Character.MAX_CODE_POINT) {
                throw in.invalid("invalid escape sequence", "\\" + in.between(start, in.index()));
            }
            return Integer.parseInt(hex, 16);
        }
        if (c == '0' || (c >= '1' && c <= '7' && in.rest().matches("(?s)[0-7].*"))) {
            int value = c - '0';
            for (int i = 0; i < 2 && in.rest().matches("(?s)[0-7].*"); i++) {
                value = value * 8 + in.next() - '0';
            }
            return value;
        }
        int plain = "afnrtv".indexOf(c);
        if (plain >= 0) {
            return new int[] {7, '\f', '\n', '\r', '\t', 11}[plain];
        }
        if (c < 0x80 && !WORD.has(c)) {
            return c;
        }
        if (c == '_') {
            return c;
        }
        throw in.invalid("invalid escape sequence", "\\" + Character.toString(c));
    }

    private static String two(RegexCursor in) {
        return Character.toString(in.next()) + Character.toString(in.next());
    }

    private static CharSet property(RegexCursor in) {
        String written = in.take("{") ? in.upTo("}") : Character.toString(in.next());
        boolean negated = written.startsWith("^");
        String name = negated ? written.substring(1) : written;
        CharSet set;
        if (name.equals("Any")) {
            set = c -> true;
        } else if (name.length() <= 2
                && CATEGORIES.stream().anyMatch(known -> known.startsWith(name) && !name.isEmpty())) {
            set = c -> CATEGORIES.get(Character.getType(c)).startsWith(name);
        } else {
            set = script(in, name);
        }
        return negated ? c -> !set.has(c) : set;
    }

    private static CharSet script(RegexCursor in, String name) {
        for (Character.UnicodeScript script : Character.UnicodeScript.values()) {
            if (script.name().equals(name.toUpperCase(Locale.ROOT))) {
                return c -> Character.UnicodeScript.of(c) == script;
            }
        }
        throw in.invalid("invalid character class range", "\\p{" + name + "}");
    }
}

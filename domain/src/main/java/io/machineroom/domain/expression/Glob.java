package io.machineroom.domain.expression;

import org.jspecify.annotations.Nullable;

/** A pattern with {@code *} for anything, {@code ?} for one character, and {@code \} before what is meant literally. */
final class Glob {
    private static final int ANY = -1;
    private static final int ONE = -2;

    private final int[] pattern;
    private final @Nullable String literal;

    private Glob(int[] pattern, @Nullable String literal) {
        this.pattern = pattern;
        this.literal = literal;
    }

    static Glob parse(String text) {
        int[] given = text.codePoints().toArray();
        int[] out = new int[given.length];
        StringBuilder plain = new StringBuilder();
        boolean wild = false;
        int size = 0;
        for (int i = 0; i < given.length; i++) {
            int c = given[i];
            if (c == '*' || c == '?') {
                wild = true;
                out[size++] = c == '*' ? ANY : ONE;
            } else if (c != '\\') {
                out[size++] = c;
                plain.appendCodePoint(c);
            } else if (++i < given.length) {
                out[size++] = given[i];
                plain.appendCodePoint(given[i]);
            }
        }
        return new Glob(java.util.Arrays.copyOf(out, size), wild ? null : plain.toString());
    }

    /** The only text that matches; null when there are wildcards. */
    @Nullable String literal() {
        return literal;
    }

    /** Goes back to the last {@code *} only, so that it takes at most the product of both lengths. */
    boolean matches(String text, Budget budget) {
        if (literal != null) {
            return literal.equals(text);
        }
        int[] given = text.codePoints().toArray();
        int at = 0;
        int in = 0;
        int star = -1;
        int mark = 0;
        while (at < given.length) {
            budget.spend(1);
            if (in < pattern.length && pattern[in] == ANY) {
                star = in++;
                mark = at;
            } else if (in < pattern.length && (pattern[in] == ONE || pattern[in] == given[at])) {
                in++;
                at++;
            } else if (star >= 0) {
                in = star + 1;
                at = ++mark;
            } else {
                return false;
            }
        }
        while (in < pattern.length && pattern[in] == ANY) {
            in++;
        }
        return in == pattern.length;
    }
}

package io.machineroom.domain.expression;

/** Where the parts of a path end; all positions are indexes into the text. */
final class PathText {
    private PathText() {}

    /** Behind the bracket or the quote that closes the one at a place; the length when none does. */
    static int closing(String text, int from) {
        int depth = 0;
        for (int i = from; i < text.length(); i++) {
            switch (text.charAt(i)) {
                case '\\' -> i++;
                case '"' -> {
                    i = quoteEnd(text, i);
                    if (depth == 0) {
                        return Math.min(text.length(), i + 1);
                    }
                }
                case '{', '[', '(' -> depth++;
                case '}', ']', ')' -> {
                    if (--depth <= 0) {
                        return i + 1;
                    }
                }
                default -> {}
            }
        }
        return text.length();
    }

    /** The closing quote of the text that opens at a place; the length when there is none. */
    static int quoteEnd(String text, int open) {
        for (int i = open + 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == '"') {
                return i;
            }
        }
        return text.length();
    }

    /** The first of some characters, not looking behind backslashes; the length when there is none. */
    static int first(String text, int from, String of) {
        for (int i = from; i < text.length(); i++) {
            if (text.charAt(i) == '\\') {
                i++;
            } else if (of.indexOf(text.charAt(i)) >= 0) {
                return i;
            }
        }
        return text.length();
    }

    /** Whether what follows a dot is asked of the one result, like behind a pipe. */
    static boolean startsStep(String text) {
        if (text.isEmpty()) {
            return false;
        }
        if (text.charAt(0) == '@') {
            int end = first(text, 1, ".|:");
            return PathModifier.named(text.substring(1, end)).isPresent();
        }
        return "{[!".indexOf(text.charAt(0)) >= 0;
    }

    /** The first pipe of a path that is asked of each item, outside of maps and conditions; -1 when there is none. */
    static int pipe(String text) {
        if (text.startsWith("{")) {
            int end = closing(text, 0);
            return text.startsWith("|", end) ? end : -1;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == '|') {
                return i;
            } else if (c == '.' && (text.startsWith("#(", i + 1) || text.startsWith("#[", i + 1))) {
                i = closing(text, i + 2) - 1;
            }
        }
        return -1;
    }

    /** The name that a path without one gets: what stands behind its last dot or pipe. */
    static String lastName(String path) {
        int at = path.length() - 1;
        while (at >= 0
                && !((path.charAt(at) == '.' || path.charAt(at) == '|') && (at == 0 || path.charAt(at - 1) != '\\'))) {
            at--;
        }
        String last = path.substring(at + 1);
        boolean simple = last.chars().noneMatch(c -> c < ' ' || "[]{}()#|!".indexOf(c) >= 0);
        return simple ? last : "_";
    }
}

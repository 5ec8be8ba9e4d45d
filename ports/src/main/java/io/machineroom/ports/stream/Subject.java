package io.machineroom.ports.stream;

import java.util.List;

/**
 * A NATS subject: tokens joined by dots, at most 1,024 characters; no white space, no empty token.
 * {@code *} stands for one token, a final {@code >} for one or more.
 */
public record Subject(String text) {
    /** Longest accepted subject, in characters. */
    public static final int MAX_LENGTH = 1024;

    public Subject {
        String fault = fault(text);
        if (!fault.isEmpty()) {
            throw new IllegalArgumentException("subject '" + text + "': " + fault);
        }
    }

    public static Subject of(String text) {
        return new Subject(text);
    }

    /** Why a text is no subject; empty when it is one. */
    public static String fault(String text) {
        if (text.isEmpty()) {
            return "is empty";
        }
        if (text.length() > MAX_LENGTH) {
            return "is longer than " + MAX_LENGTH + " characters";
        }
        int start = 0;
        while (true) {
            int dot = text.indexOf('.', start);
            int end = dot < 0 ? text.length() : dot;
            String fault = tokenFault(text, start, end);
            if (!fault.isEmpty() || dot < 0) {
                return fault;
            }
            start = end + 1;
        }
    }

    /** By index: a subject is checked on every hop of every event, and cutting it up costs more than the check. */
    private static String tokenFault(String text, int start, int end) {
        if (start == end) {
            return "has an empty token";
        }
        boolean wildcard = false;
        for (int i = start; i < end; i++) {
            char c = text.charAt(i);
            if (c <= ' ' || c == 127) {
                return "holds white space or a control character";
            }
            wildcard |= c == '*' || c == '>';
        }
        if (wildcard && end - start > 1) {
            return "mixes a wildcard with text in one token";
        }
        return wildcard && text.charAt(start) == '>' && end < text.length() ? "has '>' before its last token" : "";
    }

    public List<String> tokens() {
        return List.of(text.split("\\."));
    }

    /** Whether it can be published to: no wildcard. */
    public boolean isLiteral() {
        return tokens().stream().noneMatch(t -> t.equals("*") || t.equals(">"));
    }

    /** Whether a literal subject falls under this pattern. */
    public boolean matches(Subject literal) {
        List<String> mine = tokens();
        List<String> other = literal.tokens();
        for (int i = 0; i < mine.size(); i++) {
            if (mine.get(i).equals(">")) {
                return other.size() > i;
            }
            if (i >= other.size() || !(mine.get(i).equals("*") || mine.get(i).equals(other.get(i)))) {
                return false;
            }
        }
        return mine.size() == other.size();
    }

    /** This subject with whole tokens put in front: {@code "mr.UABC"}. */
    public Subject under(String prefix) {
        return new Subject(prefix + "." + text);
    }

    /** Whether the subject starts with these whole tokens and has more behind them. */
    public boolean isUnder(String prefix) {
        return text.startsWith(prefix + ".");
    }

    /** The rest behind the given whole tokens. */
    public Subject without(String prefix) {
        if (!isUnder(prefix)) {
            throw new IllegalArgumentException("subject '" + text + "' is not below '" + prefix + "'");
        }
        return new Subject(text.substring(prefix.length() + 1));
    }

    @Override
    public String toString() {
        return text;
    }
}

package io.machineroom.domain.expression;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/** Reads what stands between {@code {{} and {@code }}}: one pipeline. */
final class TemplateParser {
    private static final int MAX_DEPTH = 32;

    private final String text;
    private int at;
    private int depth;

    TemplateParser(String text) {
        this.text = text;
    }

    TemplateNode parse() {
        TemplateNode node = pipeline();
        if (at < text.length()) {
            throw invalid("'" + text.substring(at) + "' is not understood");
        }
        return node;
    }

    private TemplateNode pipeline() {
        if (++depth > MAX_DEPTH) {
            throw invalid("too many parentheses");
        }
        TemplateNode node = command(null);
        while (peek() == '|') {
            at++;
            node = command(node);
        }
        depth--;
        return node;
    }

    private TemplateNode command(@org.jspecify.annotations.Nullable TemplateNode piped) {
        char c = peek();
        if (!Character.isLetter(c) && c != '_') {
            if (piped != null) {
                throw invalid("a value was given to something that is no function");
            }
            return operand();
        }
        String word = word();
        if (word.equals("true") || word.equals("false")) {
            return new TemplateNode.Literal(Value.bool(word.equals("true")));
        }
        Integer wanted = TemplateNode.FUNCTIONS.get(word);
        if (wanted == null) {
            throw invalid("'" + word + "' is not supported; there are "
                    + TemplateNode.FUNCTIONS.keySet().stream().sorted().toList());
        }
        List<TemplateNode> arguments = new ArrayList<>();
        for (char next = peek(); next != 0 && next != '|' && next != ')'; next = peek()) {
            arguments.add(operand());
        }
        if (piped != null) {
            arguments.add(piped);
        }
        if (arguments.size() != wanted) {
            throw invalid("wrong number of args for " + word + ": want " + wanted + " got " + arguments.size());
        }
        return new TemplateNode.Call(word, List.copyOf(arguments));
    }

    private TemplateNode operand() {
        char c = peek();
        if (c == '(') {
            at++;
            TemplateNode inner = pipeline();
            if (peek() != ')') {
                throw invalid("a parenthesis is not closed");
            }
            at++;
            return inner;
        }
        if (c == '"' || c == '`') {
            return new TemplateNode.Literal(Value.text(quoted(c)));
        }
        if (Character.isDigit(c) || c == '-' || c == '+') {
            return new TemplateNode.Literal(number());
        }
        if (Character.isLetter(c)) {
            String word = word();
            if (word.equals("true") || word.equals("false")) {
                return new TemplateNode.Literal(Value.bool(word.equals("true")));
            }
            throw invalid("'" + word + "' cannot stand here; put functions in parentheses");
        }
        throw invalid(c == 0 ? "a value is missing" : "'" + c + "' is not supported");
    }

    private String quoted(char quote) {
        at++;
        StringBuilder out = new StringBuilder();
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == quote) {
                return out.toString();
            }
            if (c == '\\' && quote == '"' && at < text.length()) {
                escape(out);
            } else {
                out.append(c);
            }
        }
        throw invalid("a text is not closed");
    }

    private void escape(StringBuilder out) {
        char c = text.charAt(at++);
        switch (c) {
            case 'n' -> out.append('\n');
            case 't' -> out.append('\t');
            case 'r' -> out.append('\r');
            case 'x' -> out.append((char) hex(2));
            case 'u' -> out.append((char) hex(4));
            case '\\', '"', '\'' -> out.append(c);
            default -> throw invalid("the escape \\" + c + " is not known");
        }
    }

    private int hex(int digits) {
        String code = text.substring(at, Math.min(text.length(), at + digits));
        if (!code.matches("[0-9a-fA-F]{" + digits + "}")) {
            throw invalid("an escape needs " + digits + " hex digits");
        }
        at += digits;
        return Integer.parseInt(code, 16);
    }

    private Value number() {
        int from = at++;
        while (at < text.length() && ".eE0123456789".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        try {
            return new Value.Num(new BigDecimal(text.substring(from, at)));
        } catch (NumberFormatException e) {
            throw new PortException.Refused("template.invalid", "'" + text.substring(from, at) + "' is no number", e);
        }
    }

    private String word() {
        int from = at;
        while (at < text.length() && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '_')) {
            at++;
        }
        return text.substring(from, at);
    }

    private char peek() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        return at < text.length() ? text.charAt(at) : 0;
    }

    private PortException.Refused invalid(String what) {
        return new PortException.Refused("template.invalid", "in '{{ " + text + " }}': " + what);
    }
}

package io.machineroom.domain.expression;

import io.machineroom.domain.expression.TemplateLexer.Kind;
import io.machineroom.domain.expression.TemplateLexer.Token;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads pipelines out of the tokens of a template, and knows which variables there are. */
final class TemplatePipes {
    private static final int MAX_DEPTH = 64;

    private final String text;
    private final List<Token> tokens;
    private final TemplateFunctions functions;
    private List<String> variables = new ArrayList<>(List.of("$"));
    private int at;
    private int depth;

    TemplatePipes(String text, List<Token> tokens, TemplateFunctions functions) {
        this.text = text;
        this.tokens = tokens;
        this.functions = functions;
    }

    Token peek() {
        return tokens.get(at);
    }

    Token next() {
        Token token = tokens.get(at);
        at += token.kind() == Kind.END ? 0 : 1;
        return token;
    }

    /** Takes a word of the language when it comes next. */
    boolean word(String word) {
        boolean found = peek().kind() == Kind.WORD && peek().text().equals(word);
        at += found ? 1 : 0;
        return found;
    }

    void close(String context) {
        if (peek().kind() != Kind.CLOSE) {
            throw unexpected(context);
        }
        at++;
    }

    String name(String context) {
        Token token = next();
        if (token.kind() != Kind.STRING) {
            at--;
            throw unexpected(context);
        }
        return quoted(token);
    }

    /** How many variables there are; what is declared later ends with {@link #reset}. */
    int mark() {
        return variables.size();
    }

    void reset(int mark) {
        variables.subList(mark, variables.size()).clear();
    }

    List<String> hideVariables() {
        List<String> before = variables;
        variables = new ArrayList<>(List.of("$"));
        return before;
    }

    void showVariables(List<String> before) {
        variables = before;
    }

    /**
     * A pipeline up to the end of the action or a closing parenthesis.
     *
     * @param range whether two variables may stand before it
     */
    TemplateNode.Pipe pipe(String context, boolean range) {
        if (++depth > MAX_DEPTH) {
            throw invalid(peek().at(), "more than " + MAX_DEPTH + " parentheses");
        }
        int start = peek().at();
        List<String> names = new ArrayList<>();
        boolean declares = declaration(names, context, range);
        List<TemplateNode.Command> commands = new ArrayList<>();
        commands.add(command(context));
        while (peek().is("|")) {
            at++;
            commands.add(command(context));
        }
        for (int i = 1; i < commands.size(); i++) {
            TemplateNode.Operand first = commands.get(i).operands().getFirst();
            if (first instanceof TemplateNode.Literal || first instanceof TemplateNode.Nil) {
                throw invalid(first.at(), "non executable command in pipeline stage " + (i + 1));
            }
        }
        depth--;
        variables.addAll(declares ? names : List.of());
        return new TemplateNode.Pipe(start, List.copyOf(names), declares, List.copyOf(commands));
    }

    private boolean declaration(List<String> names, String context, boolean range) {
        int ahead = at;
        List<String> found = new ArrayList<>();
        while (tokens.get(ahead).kind() == Kind.VARIABLE) {
            found.add(tokens.get(ahead++).text());
            if (!tokens.get(ahead).is(",")) {
                break;
            }
            ahead++;
        }
        Token mark = tokens.get(ahead);
        if (found.isEmpty() || !(mark.is(":=") || mark.is("="))) {
            return false;
        }
        if (found.size() > (range ? 2 : 1)) {
            throw invalid(peek().at(), "too many declarations in " + context);
        }
        if (mark.is("=")) {
            found.forEach(name -> known(name, peek().at()));
        }
        names.addAll(found);
        at = ahead + 1;
        return mark.is(":=");
    }

    private TemplateNode.Command command(String context) {
        int start = peek().at();
        List<TemplateNode.Operand> operands = new ArrayList<>();
        while (!ends()) {
            if (!operands.isEmpty() && !peek().spaced()) {
                throw unexpected("operand");
            }
            operands.add(operand());
        }
        if (operands.isEmpty()) {
            throw invalid(start, "missing value for " + context);
        }
        if (operands.getFirst() instanceof TemplateNode.Nil nil && operands.size() == 1) {
            throw invalid(nil.at(), "nil is not a command");
        }
        return new TemplateNode.Command(start, List.copyOf(operands));
    }

    private boolean ends() {
        Token token = peek();
        return token.kind() == Kind.CLOSE || token.kind() == Kind.END || token.is("|") || token.is(")");
    }

    private TemplateNode.Operand operand() {
        Token token = next();
        int start = token.at();
        return switch (token.kind()) {
            case STRING -> plain(new TemplateNode.Literal(start, Value.text(quoted(token))));
            case NUMBER -> plain(new TemplateNode.Literal(start, number(token)));
            case CHARACTER -> plain(new TemplateNode.Literal(start, character(token)));
            case DOT -> plain(new TemplateNode.Dot(start, List.of()));
            case FIELD -> {
                List<String> names = new ArrayList<>(List.of(token.text()));
                names.addAll(fields());
                yield new TemplateNode.Dot(start, List.copyOf(names));
            }
            case VARIABLE -> {
                known(token.text(), start);
                yield new TemplateNode.Variable(start, token.text(), fields());
            }
            case WORD -> plain(word(token));
            case MARK, TEXT, OPEN, CLOSE, END -> {
                if (!token.is("(")) {
                    at--;
                    throw unexpected("operand");
                }
                TemplateNode.Pipe pipe = pipe("parenthesized pipeline", false);
                if (!next().is(")")) {
                    at--;
                    throw invalid(peek().at(), "unclosed left paren");
                }
                yield new TemplateNode.Nested(start, pipe, fields());
            }
        };
    }

    private TemplateNode.Operand plain(TemplateNode.Operand operand) {
        if (peek().kind() == Kind.FIELD && !peek().spaced()) {
            throw invalid(
                    peek().at(), "unexpected . after term " + GoText.quote(text.substring(operand.at(), peek().at())));
        }
        return operand;
    }

    private TemplateNode.Operand word(Token token) {
        return switch (token.text()) {
            case "true", "false" ->
                new TemplateNode.Literal(token.at(), Value.bool(token.text().equals("true")));
            case "nil" -> new TemplateNode.Nil(token.at());
            default -> {
                Optional<TemplateFunctions.Entry> entry = functions.find(token.text());
                if (entry.isEmpty()) {
                    throw invalid(token.at(), "function " + GoText.quote(token.text()) + " not defined");
                }
                yield new TemplateNode.Function(token.at(), token.text(), entry.get());
            }
        };
    }

    /** The names that follow without white space. */
    private List<String> fields() {
        List<String> names = new ArrayList<>();
        while (peek().kind() == Kind.FIELD && !peek().spaced()) {
            names.add(next().text());
        }
        return List.copyOf(names);
    }

    private void known(String name, int where) {
        if (!variables.contains(name)) {
            throw invalid(where, "undefined variable " + GoText.quote(name));
        }
    }

    private String quoted(Token token) {
        String inner = token.text().substring(1, token.text().length() - 1);
        try {
            return token.text().startsWith("`") ? inner : Literals.unescape(inner);
        } catch (Literals.Malformed e) {
            throw new PortException.Refused(
                    "template.invalid", "template:" + GoText.place(text, token.at()) + ": " + e.getMessage(), e);
        }
    }

    private Value character(Token token) {
        String inner = quoted(token);
        if (inner.codePointCount(0, inner.length()) != 1) {
            throw invalid(token.at(), "malformed character constant: " + token.text());
        }
        return Value.num(inner.codePointAt(0));
    }

    private Value number(Token token) {
        String digits = token.text();
        boolean octal = digits.matches("[+-]?0[0-7_]+");
        try {
            return new Value.Num(Literals.number(octal ? digits.replaceFirst("0", "0o") : digits));
        } catch (Literals.Malformed e) {
            throw new PortException.Refused(
                    "template.invalid", "template:" + GoText.place(text, token.at()) + ": " + e.getMessage(), e);
        }
    }

    private PortException.Refused unexpected(String context) {
        Token token = peek();
        String shown = token.kind() == Kind.END || token.kind() == Kind.TEXT ? "EOF" : token.text();
        return invalid(token.at(), "unexpected <" + shown + "> in " + context);
    }

    private PortException.Refused invalid(int where, String what) {
        return TemplateLexer.invalid(text, where, what);
    }
}

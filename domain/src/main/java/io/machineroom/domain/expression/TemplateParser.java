package io.machineroom.domain.expression;

import io.machineroom.domain.expression.TemplateLexer.Kind;
import io.machineroom.domain.expression.TemplateLexer.Token;
import io.machineroom.ports.PortException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the actions of a template; pipelines are read by {@link TemplatePipes}. */
final class TemplateParser {
    private static final int MAX_DEPTH = 64;

    private final String text;
    private final TemplatePipes pipes;
    private final Map<String, List<TemplateNode>> named = new HashMap<>();
    private int depth;
    private int ranges;

    TemplateParser(String text, TemplateFunctions functions) {
        this.text = text;
        this.pipes = new TemplatePipes(text, new TemplateLexer(text).tokens(), functions);
    }

    /** How a list of nodes ended. */
    private enum End {
        END,
        ELSE,
        EOF
    }

    /**
     * A list of nodes and how it ended; of an {@code else} the word itself was read, nothing behind it.
     *
     * @param at where the ending action is
     */
    private record Body(List<TemplateNode> nodes, End end, int at) {}

    List<TemplateNode> parse() {
        Body body = body(true);
        if (body.end() != End.EOF) {
            throw invalid(body.at(), "unexpected {{" + (body.end() == End.END ? "end" : "else") + "}}");
        }
        return body.nodes();
    }

    /** The templates that were defined inside. */
    Map<String, List<TemplateNode>> named() {
        return Map.copyOf(named);
    }

    private Body body(boolean top) {
        if (++depth > MAX_DEPTH) {
            throw invalid(pipes.peek().at(), "more than " + MAX_DEPTH + " levels");
        }
        List<TemplateNode> nodes = new ArrayList<>();
        while (true) {
            Token token = pipes.next();
            if (token.kind() == Kind.TEXT) {
                nodes.add(new TemplateNode.Text(token.text()));
                continue;
            }
            End end = token.kind() == Kind.END ? End.EOF : ending();
            if (end != null) {
                if (end == End.EOF && !top) {
                    throw invalid(token.at(), "unexpected EOF");
                }
                depth--;
                return new Body(List.copyOf(nodes), end, token.at());
            }
            TemplateNode node = action();
            if (node != null) {
                nodes.add(node);
            }
        }
    }

    private @Nullable End ending() {
        if (pipes.word("end")) {
            pipes.close("end");
            return End.END;
        }
        return pipes.word("else") ? End.ELSE : null;
    }

    private @Nullable TemplateNode action() {
        Token token = pipes.peek();
        if (pipes.word("if")) {
            return choice(false);
        }
        if (pipes.word("with")) {
            return choice(true);
        }
        if (pipes.word("range")) {
            return range();
        }
        if (pipes.word("define")) {
            return define(token);
        }
        if (pipes.word("block")) {
            return block(token);
        }
        if (pipes.word("template")) {
            String name = pipes.name("template clause");
            TemplateNode.Pipe pipe = pipes.peek().kind() == Kind.CLOSE ? null : pipes.pipe("template clause", false);
            pipes.close("template clause");
            return new TemplateNode.Invoke(token.at(), name, pipe);
        }
        boolean stop = pipes.word("break");
        if (stop || pipes.word("continue")) {
            if (ranges == 0) {
                throw invalid(token.at(), "{{" + token.text() + "}} outside {{range}}");
            }
            pipes.close(token.text());
            return new TemplateNode.Leave(stop);
        }
        TemplateNode.Pipe pipe = pipes.pipe("command", false);
        pipes.close("command");
        return new TemplateNode.Output(pipe);
    }

    private TemplateNode choice(boolean with) {
        String what = with ? "with" : "if";
        int mark = pipes.mark();
        TemplateNode.Pipe pipe = pipes.pipe(what, false);
        pipes.close(what);
        Body yes = body(false);
        List<TemplateNode> no = otherwise(yes, what, with);
        pipes.reset(mark);
        return new TemplateNode.Choice(pipe, with, yes.nodes(), no);
    }

    private List<TemplateNode> otherwise(Body yes, String what, boolean with) {
        if (yes.end() == End.END) {
            return List.of();
        }
        Token token = pipes.peek();
        if (pipes.word(what)) {
            if (++depth > MAX_DEPTH) {
                throw invalid(token.at(), "more than " + MAX_DEPTH + " levels");
            }
            List<TemplateNode> chain = List.of(choice(with));
            depth--;
            return chain;
        }
        pipes.close("else");
        return last(body(false));
    }

    private List<TemplateNode> last(Body body) {
        if (body.end() == End.ELSE) {
            throw invalid(body.at(), "expected end; found {{else}}");
        }
        return body.nodes();
    }

    private TemplateNode range() {
        int mark = pipes.mark();
        TemplateNode.Pipe pipe = pipes.pipe("range", true);
        pipes.close("range");
        ranges++;
        Body yes = body(false);
        ranges--;
        List<TemplateNode> no = List.of();
        if (yes.end() == End.ELSE) {
            pipes.close("else");
            no = last(body(false));
        }
        pipes.reset(mark);
        return new TemplateNode.Range(pipe, yes.nodes(), no);
    }

    private @Nullable TemplateNode define(Token start) {
        if (depth > 1) {
            throw invalid(start.at(), "unexpected {{define}}");
        }
        String name = pipes.name("define clause");
        pipes.close("define clause");
        name(name);
        return null;
    }

    private TemplateNode block(Token start) {
        String name = pipes.name("block clause");
        TemplateNode.Pipe pipe = pipes.pipe("block clause", false);
        pipes.close("block clause");
        name(name);
        return new TemplateNode.Invoke(start.at(), name, pipe);
    }

    /** Of two with one name the later counts; an empty one never replaces another. */
    private void name(String name) {
        List<String> before = pipes.hideVariables();
        int outer = ranges;
        ranges = 0;
        List<TemplateNode> nodes = last(body(false));
        ranges = outer;
        pipes.showVariables(before);
        boolean blank = nodes.stream()
                .allMatch(n -> n instanceof TemplateNode.Text t
                        && GoText.trim(t.text()).isEmpty());
        if (!blank || !named.containsKey(name)) {
            named.put(name, nodes);
        }
    }

    private PortException.Refused invalid(int at, String what) {
        return TemplateLexer.invalid(text, at, what);
    }
}

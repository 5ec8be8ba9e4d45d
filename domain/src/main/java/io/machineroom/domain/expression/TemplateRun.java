package io.machineroom.domain.expression;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One filling in of a template. */
final class TemplateRun {
    private static final int MAX_DEPTH = 100;

    private final String text;
    private final Map<String, List<TemplateNode>> named;
    private final TemplateFunctions.Context context;
    private final StringBuilder out = new StringBuilder();
    private List<Variable> variables = new ArrayList<>();
    private int depth;

    TemplateRun(String text, Map<String, List<TemplateNode>> named, Value document) {
        this.text = text;
        this.named = named;
        this.context = new TemplateFunctions.Context(document, new Budget("template.failed"));
    }

    private static final class Variable {
        private final String name;
        private Value value;

        Variable(String name, Value value) {
            this.name = name;
            this.value = value;
        }
    }

    /** How a list of nodes ended. */
    private enum Flow {
        ON,
        NEXT,
        OUT
    }

    String fill(List<TemplateNode> nodes) {
        variables.add(new Variable("$", Value.nil()));
        all(nodes, Value.nil());
        return out.toString();
    }

    private Flow all(List<TemplateNode> nodes, Value dot) {
        int mark = variables.size();
        Flow flow = Flow.ON;
        for (TemplateNode node : nodes) {
            context.budget().spend(1);
            flow = one(node, dot);
            if (flow != Flow.ON) {
                break;
            }
        }
        variables.subList(mark, variables.size()).clear();
        return flow;
    }

    private Flow one(TemplateNode node, Value dot) {
        switch (node) {
            case TemplateNode.Text plain -> print(plain.text());
            case TemplateNode.Output output -> {
                Value value = pipe(output.pipe(), dot);
                if (output.pipe().variables().isEmpty()) {
                    print(value instanceof Value.Nil ? "<no value>" : Words.print(value, context.budget()));
                }
            }
            case TemplateNode.Choice choice -> {
                int mark = variables.size();
                Value value = pipe(choice.pipe(), dot);
                Flow flow = TemplateBuiltIns.isTrue(value)
                        ? all(choice.yes(), choice.with() ? value : dot)
                        : all(choice.no(), dot);
                variables.subList(mark, variables.size()).clear();
                return flow;
            }
            case TemplateNode.Range range -> {
                return range(range, dot);
            }
            case TemplateNode.Invoke invoke -> invoke(invoke, dot);
            case TemplateNode.Leave leave -> {
                return leave.whole() ? Flow.OUT : Flow.NEXT;
            }
        }
        return Flow.ON;
    }

    private void print(String words) {
        context.budget().grown(out.length() + (long) words.length());
        context.budget().spend(words.length() / 64);
        out.append(words);
    }

    private void invoke(TemplateNode.Invoke invoke, Value dot) {
        List<TemplateNode> nodes = named.get(invoke.name());
        if (nodes == null) {
            throw failed(invoke.at(), "template " + GoText.quote(invoke.name()) + " not defined");
        }
        if (++depth > MAX_DEPTH) {
            throw failed(invoke.at(), "exceeded maximum template depth (" + MAX_DEPTH + ")");
        }
        TemplateNode.Pipe given = invoke.pipe();
        Value inner = given == null ? Value.nil() : pipe(given, dot);
        List<Variable> before = variables;
        variables = new ArrayList<>(List.of(new Variable("$", inner)));
        all(nodes, inner);
        variables = before;
        depth--;
    }

    private Flow range(TemplateNode.Range range, Value dot) {
        int mark = variables.size();
        Value over = pipe(range.pipe(), dot);
        boolean any = switch (over) {
            case Value.Arr list -> {
                int at = 0;
                for (Value item : list.items()) {
                    if (round(range, Value.num(at++), item) == Flow.OUT) {
                        break;
                    }
                }
                yield at > 0;
            }
            case Value.Obj fields -> {
                for (Map.Entry<String, Value> field : Words.sorted(fields).entrySet()) {
                    if (round(range, Value.text(field.getKey()), field.getValue()) == Flow.OUT) {
                        break;
                    }
                }
                yield !fields.fields().isEmpty();
            }
            case Value.Num count
            when count.isLong() -> {
                for (long i = 0; i < count.asLong(); i++) {
                    if (round(range, Value.num(i), Value.num(i)) == Flow.OUT) {
                        break;
                    }
                }
                yield count.asLong() > 0;
            }
            case Value.Nil nil -> false;
            default ->
                throw failed(range.pipe().at(), "range can't iterate over " + Words.print(over, context.budget()));
        };
        Flow flow = any ? Flow.ON : all(range.no(), dot);
        variables.subList(mark, variables.size()).clear();
        return flow;
    }

    private Flow round(TemplateNode.Range range, Value key, Value item) {
        context.budget().spend(1);
        List<String> names = range.pipe().variables();
        int mark = variables.size();
        for (int i = 0; i < names.size(); i++) {
            Value value = names.size() == 2 && i == 0 ? key : item;
            set(range.pipe(), names.get(i), value);
        }
        Flow flow = all(range.body(), item);
        variables.subList(mark, variables.size()).clear();
        return flow;
    }

    private Value pipe(TemplateNode.Pipe pipe, Value dot) {
        Optional<Value> last = Optional.empty();
        for (TemplateNode.Command command : pipe.commands()) {
            last = Optional.of(command(command, dot, last));
        }
        Value value = last.orElse(Value.nil());
        if (pipe.variables().size() == 1) {
            set(pipe, pipe.variables().getFirst(), value);
        }
        return value;
    }

    private void set(TemplateNode.Pipe pipe, String name, Value value) {
        if (pipe.declares()) {
            variables.add(new Variable(name, value));
        } else {
            variable(name, pipe.at()).value = value;
        }
    }

    private Variable variable(String name, int at) {
        for (Variable variable : variables.reversed()) {
            if (variable.name.equals(name)) {
                return variable;
            }
        }
        throw failed(at, "undefined variable: " + name);
    }

    private Value command(TemplateNode.Command command, Value dot, Optional<Value> last) {
        TemplateNode.Operand first = command.operands().getFirst();
        if (first instanceof TemplateNode.Function function) {
            return call(
                    function, command.operands().subList(1, command.operands().size()), dot, last);
        }
        if (command.operands().size() > 1 || last.isPresent()) {
            throw failed(command.at(), "can't give argument to non-function " + source(command));
        }
        return operand(first, dot);
    }

    private String source(TemplateNode.Command command) {
        int end = text.length();
        for (String stop : new String[] {" ", "|", ")", "}}"}) {
            int at = text.indexOf(stop, command.at());
            end = at < 0 ? end : Math.min(end, at);
        }
        return text.substring(command.at(), end);
    }

    private Value operand(TemplateNode.Operand operand, Value dot) {
        context.budget().spend(1);
        return switch (operand) {
            case TemplateNode.Literal literal -> literal.value();
            case TemplateNode.Nil nil -> Value.nil();
            case TemplateNode.Dot below -> below(dot, below.names(), below.at());
            case TemplateNode.Variable variable ->
                below(variable(variable.name(), variable.at()).value, variable.names(), variable.at());
            case TemplateNode.Nested nested -> below(pipe(nested.pipe(), dot), nested.names(), nested.at());
            case TemplateNode.Function function -> call(function, List.of(), dot, Optional.empty());
        };
    }

    private Value below(Value value, List<String> names, int at) {
        Value found = value;
        for (String name : names) {
            found = switch (found) {
                case Value.Obj fields -> fields.get(name).orElse(Value.nil());
                case Value.Nil nil -> throw failed(at, "nil data; no entry for key " + GoText.quote(name));
                default -> throw failed(at, "can't evaluate field " + name + " in type " + Words.type(found));
            };
        }
        return found;
    }

    private Value call(
            TemplateNode.Function function, List<TemplateNode.Operand> written, Value dot, Optional<Value> last) {
        int count = written.size() + (last.isPresent() ? 1 : 0);
        TemplateFunctions.Entry entry = function.entry();
        if (count < entry.least() || count > entry.most()) {
            String want = entry.least() == entry.most() ? "" : "at least ";
            throw failed(
                    function.at(),
                    "wrong number of args for " + function.name() + ": want " + want + entry.least() + " got " + count);
        }
        boolean and = function.name().equals("and");
        boolean shortCut = and || function.name().equals("or");
        List<Value> given = new ArrayList<>();
        for (TemplateNode.Operand operand : written) {
            given.add(operand(operand, dot));
            if (shortCut && TemplateBuiltIns.isTrue(given.getLast()) != and) {
                return given.getLast();
            }
        }
        last.ifPresent(given::add);
        try {
            return entry.body().call(context, given);
        } catch (PortException.Refused e) {
            throw new PortException.Refused(
                    e.code(), message(function.at(), "error calling " + function.name() + ": " + e.getMessage()), e);
        }
    }

    private PortException.Refused failed(int at, String what) {
        return new PortException.Refused("template.failed", message(at, what));
    }

    private String message(int at, String what) {
        return "template:" + GoText.place(text, at) + ": " + what;
    }
}

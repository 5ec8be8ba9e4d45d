package io.machineroom.domain.expression;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A path into a value, in the part of GJSON's language that machines use: keys ({@code a.b}), escapes
 * ({@code x\.y}), wildcards in keys, list positions, {@code #} (length, or "for each" before more path), and queries
 * {@code #(name=="x")} and {@code #(age>40)#}. Modifiers and multipaths are refused. Immutable.
 */
public final class Lookup {
    private static final Pattern CONDITION =
            Pattern.compile("\\s*([^=!<>%]*?)\\s*(==|=|!=|<=|>=|<|>|!%|%)\\s*(.*?)\\s*", Pattern.DOTALL);

    private final List<Step> steps;

    private Lookup(List<Step> steps) {
        this.steps = List.copyOf(steps);
    }

    /**
     * Reads a path.
     *
     * @throws PortException.Refused {@code lookup.invalid} for what this language does not have
     */
    public static Lookup parse(String path) {
        List<Step> steps = new ArrayList<>();
        int at = 0;
        while (at <= path.length()) {
            int end = path.startsWith("#(", at) ? queryEnd(path, at) : partEnd(path, at);
            steps.add(step(path, path.substring(at, end)));
            at = end + 1;
        }
        return new Lookup(steps);
    }

    /** What is at the path of a value; empty when nothing is. */
    public static Optional<Value> find(Value root, String path) {
        return parse(path).in(root);
    }

    /** What is at this path of a value; empty when nothing is. */
    public Optional<Value> in(Value root) {
        return walk(root, 0);
    }

    private Optional<Value> walk(Value value, int from) {
        Value at = value;
        for (int i = from; i < steps.size(); i++) {
            Step step = steps.get(i);
            if (step instanceof Each && i + 1 < steps.size()) {
                return each(at, i + 1);
            }
            if (step instanceof Query query && query.all() && i + 1 < steps.size()) {
                return query.apply(at).flatMap(hits -> each(hits, index(query) + 1));
            }
            Optional<Value> next = step.apply(at);
            if (next.isEmpty()) {
                return next;
            }
            at = next.get();
        }
        return Optional.of(at);
    }

    private int index(Step step) {
        return steps.indexOf(step);
    }

    private Optional<Value> each(Value value, int from) {
        if (!(value instanceof Value.Arr list)) {
            return Optional.empty();
        }
        List<Value> out = new ArrayList<>();
        for (Value item : list.items()) {
            walk(item, from).ifPresent(out::add);
        }
        return Optional.of(new Value.Arr(out));
    }

    private static int partEnd(String path, int from) {
        for (int i = from; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == '.' || c == '|') {
                return i;
            }
        }
        return path.length();
    }

    private static int queryEnd(String path, int from) {
        boolean quoted = false;
        int depth = 0;
        for (int i = from + 1; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (!quoted && c == '(') {
                depth++;
            } else if (!quoted && c == ')' && --depth == 0) {
                int end = path.startsWith("#", i + 1) ? i + 2 : i + 1;
                if (end < path.length() && path.charAt(end) != '.' && path.charAt(end) != '|') {
                    throw invalid(path, "text behind a query");
                }
                return end;
            }
        }
        throw invalid(path, "a query that does not end");
    }

    private static Step step(String path, String part) {
        if (part.equals("#")) {
            return new Each();
        }
        if (part.startsWith("#(")) {
            return query(path, part);
        }
        if (!part.isEmpty() && "@{[!".indexOf(part.charAt(0)) >= 0) {
            throw invalid(path, "'" + part + "': modifiers, multipaths and literals are not supported");
        }
        StringBuilder plain = new StringBuilder();
        StringBuilder pattern = new StringBuilder();
        boolean wild = false;
        for (int i = 0; i < part.length(); i++) {
            char c = part.charAt(i);
            if (c == '*' || c == '?') {
                wild = true;
                pattern.append(c == '*' ? ".*" : ".");
                plain.append(c);
                continue;
            }
            if (c == '\\' && i + 1 < part.length()) {
                c = part.charAt(++i);
            }
            plain.append(c);
            pattern.append(Pattern.quote(String.valueOf(c)));
        }
        return new Key(plain.toString(), wild ? Pattern.compile(pattern.toString(), Pattern.DOTALL) : null);
    }

    private static Query query(String path, String part) {
        boolean all = part.endsWith(")#");
        String inner = part.substring(2, part.length() - (all ? 2 : 1));
        java.util.regex.Matcher matcher = CONDITION.matcher(inner);
        if (!matcher.matches()) {
            return new Query(Lookup.parse(inner.strip()), "", "", all);
        }
        Lookup left = matcher.group(1).isEmpty() ? new Lookup(List.of()) : Lookup.parse(matcher.group(1));
        String right = matcher.group(3);
        if (right.startsWith("#(") || matcher.group(1).contains("#(")) {
            throw invalid(path, "queries inside queries are not supported");
        }
        return new Query(left, matcher.group(2), right, all);
    }

    private static PortException.Refused invalid(String path, String what) {
        return new PortException.Refused("lookup.invalid", "the path '" + path + "' has " + what);
    }

    private sealed interface Step {
        Optional<Value> apply(Value value);
    }

    private record Key(
            String name, @org.jspecify.annotations.Nullable Pattern pattern) implements Step {
        @Override
        public Optional<Value> apply(Value value) {
            if (value instanceof Value.Arr list) {
                return name.matches("\\d{1,9}")
                                && Integer.parseInt(name) < list.items().size()
                        ? Optional.of(list.items().get(Integer.parseInt(name)))
                        : Optional.empty();
            }
            if (!(value instanceof Value.Obj fields)) {
                return Optional.empty();
            }
            if (pattern == null) {
                return fields.get(name);
            }
            return fields.fields().entrySet().stream()
                    .filter(e -> pattern.matcher(e.getKey()).matches())
                    .map(Map.Entry::getValue)
                    .findFirst();
        }
    }

    private record Each() implements Step {
        @Override
        public Optional<Value> apply(Value value) {
            return value instanceof Value.Arr list
                    ? Optional.of(Value.num(list.items().size()))
                    : Optional.empty();
        }
    }

    private record Query(Lookup left, String operator, String right, boolean all) implements Step {
        @Override
        public Optional<Value> apply(Value value) {
            if (!(value instanceof Value.Arr list)) {
                return Optional.empty();
            }
            List<Value> hits = list.items().stream().filter(this::holds).toList();
            if (all) {
                return Optional.of(new Value.Arr(hits));
            }
            return hits.stream().findFirst();
        }

        private boolean holds(Value item) {
            Optional<Value> found = left.in(item);
            if (operator.isEmpty() || found.isEmpty()) {
                return operator.isEmpty() && found.isPresent();
            }
            boolean text = right.length() >= 2 && right.startsWith("\"") && right.endsWith("\"");
            String wanted = text ? right.substring(1, right.length() - 1).replace("\\\"", "\"") : right;
            return switch (found.get()) {
                case Value.Text t -> text && compare(t.value().compareTo(wanted), like(t.value(), wanted));
                case Value.Num n -> !text && number(n.value(), wanted);
                case Value.Bool b ->
                    !text && compare(Boolean.toString(b.value()).compareTo(wanted), false);
                default -> false;
            };
        }

        private boolean number(BigDecimal found, String wanted) {
            return wanted.matches("-?\\d+(\\.\\d+)?") && compare(found.compareTo(new BigDecimal(wanted)), false);
        }

        private boolean compare(int order, boolean like) {
            return switch (operator) {
                case "=", "==" -> order == 0;
                case "!=" -> order != 0;
                case "<" -> order < 0;
                case "<=" -> order <= 0;
                case ">" -> order > 0;
                case ">=" -> order >= 0;
                case "%" -> like;
                default -> !like;
            };
        }

        private static boolean like(String text, String pattern) {
            StringBuilder out = new StringBuilder();
            for (int i = 0; i < pattern.length(); i++) {
                char c = pattern.charAt(i);
                out.append(c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(String.valueOf(c)));
            }
            return Pattern.compile(out.toString(), Pattern.DOTALL).matcher(text).matches();
        }
    }
}

package io.machineroom.domain.expression;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads paths. There are no wrong ones: what is not understood is taken for a key, as in the original. Since a part means
 * one thing in a map and another in a list, the rest of a path may be cut in two ways; equal rests are read once.
 */
final class PathParser {
    static final int MAX_LENGTH = 4096;
    private static final int MAX_DEPTH = 400;
    private static final int MAX_STEPS = 2000;

    private final Map<String, PathStep> known = new HashMap<>();
    private int depth;

    /**
     * Reads a path.
     *
     * @throws PortException.Refused {@code lookup.invalid} when it is longer or deeper than any sensible one
     */
    PathStep parse(String path) {
        PathStep before = known.get(path);
        if (before != null) {
            return before;
        }
        if (path.length() > MAX_LENGTH || ++depth > MAX_DEPTH || known.size() > MAX_STEPS) {
            throw new PortException.Refused("lookup.invalid", "a path is too long or too deep");
        }
        PathStep step = special(path).orElseGet(() -> new PathStep.Part(inMap(path), inList(path)));
        depth--;
        known.put(path, step);
        return step;
    }

    private Optional<PathStep> special(String path) {
        if (path.length() < 2) {
            return Optional.empty();
        }
        return switch (path.charAt(0)) {
            case '@' -> modified(path);
            case '!' -> fixed(path);
            case '{', '[' -> several(path);
            default -> Optional.empty();
        };
    }

    /** What is asked of a result: the rest behind a dot or a pipe; anything else has no effect. */
    private @Nullable PathStep rest(String rest) {
        return rest.startsWith("|") || rest.startsWith(".") ? parse(rest.substring(1)) : null;
    }

    private Optional<PathStep> modified(String path) {
        int nameEnd = path.length();
        for (int i = path.length() - 1; i > 0; i--) {
            nameEnd = ":|.".indexOf(path.charAt(i)) >= 0 ? i : nameEnd;
        }
        int end = path.startsWith(":", nameEnd) ? argumentEnd(path, nameEnd + 1) : nameEnd;
        String argument = end > nameEnd ? path.substring(nameEnd + 1, end) : "";
        return PathModifier.named(path.substring(1, nameEnd))
                .map(how -> new PathStep.Modified(
                        how, argument, how == PathModifier.DIG ? parse(argument) : null, rest(path.substring(end))));
    }

    private static int argumentEnd(String path, int from) {
        if (from < path.length() && "{[\"".indexOf(path.charAt(from)) >= 0) {
            return PathText.closing(path, from);
        }
        int at = from;
        while (at < path.length() && path.charAt(at) != '|') {
            at = "{[\"(".indexOf(path.charAt(at)) >= 0 ? PathText.closing(path, at) : at + 1;
        }
        return at;
    }

    private Optional<PathStep> fixed(String path) {
        char first = path.charAt(1);
        int end = 1;
        if ("{[\"".indexOf(first) >= 0) {
            end = PathText.closing(path, 1);
        } else if ("+-".indexOf(first) >= 0 || Character.isDigit(first)) {
            while (end < path.length() && "+-.eE0123456789".indexOf(path.charAt(end)) >= 0) {
                end++;
            }
        } else {
            end = PathText.first(path, 1, ".|");
        }
        String literal = path.substring(1, end);
        String word = literal.toLowerCase(Locale.ROOT);
        boolean isWord = word.equals("true") || word.equals("false") || word.equals("null");
        PathStep rest = rest(path.substring(end));
        try {
            return Optional.of(new PathStep.Fixed(JsonText.read(isWord ? word : literal), rest));
        } catch (JsonText.Malformed e) {
            // then it is a key that begins with an exclamation mark
            return Optional.empty();
        }
    }

    private Optional<PathStep> several(String path) {
        List<PathStep.Named> paths = new ArrayList<>();
        int start = 1;
        int nesting = 1;
        int colon = -1;
        boolean modifier = false;
        for (int i = 1; i < path.length(); i++) {
            char c = path.charAt(i);
            switch (c) {
                case '\\' -> i++;
                case '"' -> i = PathText.quoteEnd(path, i);
                case '@' -> modifier |= i == start || ".|".indexOf(path.charAt(i - 1)) >= 0;
                case ':' -> colon = nesting == 1 && !modifier && colon < 0 ? i : colon;
                case '[', '(', '{' -> nesting++;
                case ']', ')', '}' -> nesting--;
                default -> {}
            }
            if (nesting == 0 || (c == ',' && nesting == 1)) {
                paths.add(named(path.substring(start, i), colon - start));
                start = i + 1;
                colon = -1;
                modifier = false;
            }
            if (nesting == 0) {
                String rest = path.substring(i + 1);
                boolean ends = rest.isEmpty() || rest.startsWith("|") || rest.startsWith(".");
                return ends
                        ? Optional.of(new PathStep.Several(path.charAt(0) == '{', List.copyOf(paths), rest(rest)))
                        : Optional.empty();
            }
        }
        return Optional.empty();
    }

    private PathStep.Named named(String text, int colon) {
        if (colon <= 0) {
            String path = colon == 0 ? text.substring(1) : text;
            return new PathStep.Named(PathText.lastName(path), parse(path));
        }
        String name = text.substring(0, colon);
        PathStep path = parse(text.substring(colon + 1));
        try {
            return new PathStep.Named(JsonText.read(name) instanceof Value.Text quoted ? quoted.value() : name, path);
        } catch (JsonText.Malformed e) {
            // a name needs no quotes
            return new PathStep.Named(name, path);
        }
    }

    private PathStep.InMap inMap(String path) {
        int end = PathText.first(path, 0, ".|");
        Glob key = Glob.parse(path.substring(0, end));
        return new PathStep.InMap(key, more(path, end), pipe(path, end));
    }

    private @Nullable PathStep more(String path, int end) {
        String rest = path.startsWith(".", end) ? path.substring(end + 1) : "";
        return path.startsWith(".", end) && !PathText.startsStep(rest) ? parse(rest) : null;
    }

    private @Nullable PathStep pipe(String path, int end) {
        String rest = end < path.length() ? path.substring(end + 1) : "";
        boolean piped = path.startsWith("|", end) || (path.startsWith(".", end) && PathText.startsStep(rest));
        return piped ? parse(rest) : null;
    }

    private PathStep.InList inList(String path) {
        if (path.startsWith("#(") || path.startsWith("#[")) {
            Optional<PathStep.InList> query = query(path);
            if (query.isPresent()) {
                return query.get();
            }
        }
        if (path.equals("#") || path.startsWith("#|")) {
            return new PathStep.Count(pipe(path, 1));
        }
        if (path.startsWith("#.")) {
            String body = path.substring(2);
            int pipe = PathText.pipe(body);
            return pipe < 0
                    ? new PathStep.Each(parse(body), null)
                    : new PathStep.Each(parse(body.substring(0, pipe)), parse(body.substring(pipe + 1)));
        }
        int end = 0;
        while (end < path.length() && ".|".indexOf(path.charAt(end)) < 0) {
            end++;
        }
        String part = path.substring(0, end);
        int index = part.matches("[0-9]{1,9}") ? Integer.parseInt(part) : -1;
        return new PathStep.Place(index, more(path, end), pipe(path, end));
    }

    private Optional<PathStep.InList> query(String path) {
        PathCondition condition = PathCondition.parse(path);
        if (condition == null) {
            return Optional.empty();
        }
        boolean all = path.startsWith("#", condition.end());
        int end = PathText.first(path, condition.end(), ".|");
        PathStep body = null;
        PathStep pipe = null;
        if (path.startsWith("|", end)) {
            pipe = parse(path.substring(end + 1));
        } else if (path.startsWith(".", end)) {
            String rest = path.substring(end + 1);
            int cut = PathText.pipe(rest);
            body = parse(cut < 0 ? rest : rest.substring(0, cut));
            pipe = cut < 0 ? null : parse(rest.substring(cut + 1));
        }
        PathStep of = parse(condition.path());
        PathOperand operand = new PathOperand(condition.operand());
        return Optional.of(
                new PathStep.Query(of, condition.path().isEmpty(), condition.operator(), operand, all, body, pipe));
    }
}

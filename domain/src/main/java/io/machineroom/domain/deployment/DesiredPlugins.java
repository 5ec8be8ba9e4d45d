package io.machineroom.domain.deployment;

import io.machineroom.domain.expression.Expression;
import io.machineroom.domain.expression.Lookup;
import io.machineroom.domain.expression.Scope;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.host.FileTree;
import io.machineroom.ports.host.HostFiles;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * The plugins of a list that are meant for this node (spec 6.5). An entry whose condition cannot be evaluated is
 * undecided: it is neither installed nor removed.
 *
 * @param byName wanted entries by name
 * @param undecided names whose condition failed
 * @param faults why
 */
public record DesiredPlugins(Map<String, PluginEntry> byName, Set<String> undecided, List<String> faults) {
    private static final System.Logger LOG = System.getLogger(DesiredPlugins.class.getName());

    /**
     * Filters a list.
     *
     * @param files for {@code has_file}, {@code has_directory} and {@code has_command}
     */
    public static DesiredPlugins forNode(List<PluginEntry> entries, String identity, Value.Obj facts, HostFiles files) {
        Scope scope = scope(identity, facts, files);
        Map<String, PluginEntry> wanted = new LinkedHashMap<>();
        Set<String> undecided = new LinkedHashSet<>();
        List<String> faults = new java.util.ArrayList<>();
        for (PluginEntry entry : entries) {
            try {
                if (entry.match().isBlank()
                        || Expression.parse(entry.match(), scope).test(scope)) {
                    wanted.put(entry.name(), entry);
                }
            } catch (PortException e) {
                undecided.add(entry.name());
                faults.add("the condition of " + entry.name() + " failed: " + e.getMessage());
            }
        }
        return new DesiredPlugins(wanted, undecided, List.copyOf(faults));
    }

    private static Scope scope(String identity, Value.Obj facts, HostFiles files) {
        return Scope.empty()
                .withFunction("identity", arguments -> Value.bool(matches(text(arguments), identity)))
                .withFunction(
                        "get_fact",
                        arguments -> Lookup.find(facts, text(arguments)).orElse(Value.nil()))
                .withFunction("has_file", arguments -> Value.bool(there(arguments, files, info -> true)))
                .withFunction("has_directory", arguments -> Value.bool(there(arguments, files, DesiredPlugins::folder)))
                .withFunction("has_command", arguments -> Value.bool(files.onPath(text(arguments))));
    }

    private static boolean folder(FileTree.Info info) {
        return info.kind() == FileTree.Kind.DIRECTORY;
    }

    private static boolean there(List<Value> arguments, HostFiles files, Predicate<FileTree.Info> wanted) {
        return files.info(Path.of(text(arguments))).filter(wanted).isPresent();
    }

    private static boolean matches(String expression, String identity) {
        try {
            return Pattern.compile(expression.replace("(?P<", "(?<"))
                    .matcher(identity)
                    .find();
        } catch (PatternSyntaxException e) {
            LOG.log(System.Logger.Level.ERROR, () -> "bad regular expression in match: " + e.getDescription());
            return false;
        }
    }

    private static String text(List<Value> arguments) {
        if (arguments.size() == 1 && arguments.getFirst() instanceof Value.Text text) {
            return text.value();
        }
        throw new PortException.Refused("expression.failed", "the function wants one text");
    }
}

package io.machineroom.domain.deployment;

import io.machineroom.domain.expression.Expression;
import io.machineroom.domain.expression.Lookup;
import io.machineroom.domain.expression.Regex;
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
                if (matches(entry.match(), scope)) {
                    wanted.put(entry.name(), entry);
                }
            } catch (PortException e) {
                undecided.add(entry.name());
                faults.add("the condition of " + entry.name() + " failed: " + e.getMessage());
            }
        }
        return new DesiredPlugins(wanted, undecided, List.copyOf(faults));
    }

    /**
     * Whether a condition holds for a node of that name and those facts, on this machine's files.
     *
     * @throws PortException.Refused when it cannot be read or evaluated
     */
    public static boolean matches(String condition, String identity, Value.Obj facts, HostFiles files) {
        return matches(condition, scope(identity, facts, files));
    }

    private static boolean matches(String condition, Scope scope) {
        return condition.isEmpty() || Expression.parse(condition, scope).test(scope);
    }

    /**
     * Whether a condition can be read; the facts of a node may fail it still.
     *
     * @throws PortException.Refused with the place of the fault
     */
    public static void read(String condition) {
        if (!condition.isEmpty()) {
            Scope names = Scope.empty()
                    .withCondition("identity", any -> false)
                    .withQuery("get_fact", any -> Value.nil())
                    .withCondition("has_file", any -> false)
                    .withCondition("has_directory", any -> false)
                    .withCondition("has_command", any -> false);
            Expression.parse(condition, names);
        }
    }

    private static Scope scope(String identity, Value.Obj facts, HostFiles files) {
        return Scope.empty()
                .withCondition("identity", expression -> named(expression, identity))
                .withQuery("get_fact", query -> Lookup.find(facts, query).orElse(Value.nil()))
                .withCondition("has_file", path -> there(path, files, info -> true))
                .withCondition("has_directory", path -> there(path, files, DesiredPlugins::folder))
                .withCondition("has_command", files::onPath);
    }

    private static boolean folder(FileTree.Info info) {
        return info.kind() == FileTree.Kind.DIRECTORY;
    }

    private static boolean there(String path, HostFiles files, Predicate<FileTree.Info> wanted) {
        try {
            // an empty path names nothing; to a file system it would be the folder in which the agent runs
            return !path.isEmpty() && files.info(Path.of(path)).filter(wanted).isPresent();
        } catch (IllegalArgumentException e) {
            // what can be no name of a file is none
            return false;
        }
    }

    private static boolean named(String expression, String identity) {
        try {
            return Regex.parse(expression).find(identity);
        } catch (PortException.Refused e) {
            LOG.log(System.Logger.Level.ERROR, () -> "bad regular expression in match: " + e.getMessage());
            return false;
        }
    }
}

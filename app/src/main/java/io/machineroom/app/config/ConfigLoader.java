package io.machineroom.app.config;

import io.machineroom.app.config.ConfigKey.Setter;
import io.machineroom.ports.data.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Brings vendor, backplane, file and environment together. Later ones win: vendor, enrolment, file,
 * environment. Unknown, misplaced or out-of-bounds values are collected and refused all at once.
 */
public final class ConfigLoader {
    /** Line that begins the part of the file which belongs to the agent. */
    public static final String MANAGED_MARKER = "# --- managed by the agent below this line, from the enrolment ---";

    private static final String PREFIX = "MR_";

    private final Map<String, String> vendor;
    private final Map<String, String> environment;

    /**
     * A loader.
     *
     * @param vendor values fixed at build time
     * @param environment all of the process environment
     */
    public ConfigLoader(Map<String, String> vendor, Map<String, String> environment) {
        this.vendor = Map.copyOf(vendor);
        this.environment = Map.copyOf(environment);
    }

    /**
     * Loads.
     *
     * @param file may be absent; what stands below {@link #MANAGED_MARKER} is not read here
     * @param provisioned values of the enrolment; empty before it
     * @throws ConfigException with every problem
     */
    public Config load(Path file, Map<String, String> provisioned) {
        List<Problem> problems = new ArrayList<>();
        Map<String, String> values = new LinkedHashMap<>();
        vendor.forEach(
                (name, value) -> take(values, problems, new Given("build option", 0, Setter.VENDOR), name, value));
        provisioned.forEach(
                (name, value) -> take(values, problems, new Given("enrolment", 0, Setter.SAAS), name, value));
        ConfigFile parsed = ConfigFile.parse(operatorPart(read(file)));
        String shown = String.valueOf(file.getFileName());
        parsed.problems().forEach(p -> problems.add(new Problem(shown, p.line(), p.message())));
        parsed.entries()
                .forEach((name, entry) ->
                        take(values, problems, new Given(shown, entry.line(), Setter.OPERATOR), name, entry.value()));
        environment.forEach((name, value) -> variable(values, problems, name, value));
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return new Config(file.toAbsolutePath().normalize(), values);
    }

    /** What is wrong with values that a backplane sends; empty when they can be used. */
    public List<Problem> check(Map<String, String> provisioned) {
        List<Problem> problems = new ArrayList<>();
        Map<String, String> values = new LinkedHashMap<>();
        provisioned.forEach(
                (name, value) -> take(values, problems, new Given("enrolment", 0, Setter.SAAS), name, value));
        return problems;
    }

    /** What is wrong with values that a vendor fixes. */
    public List<Problem> checkVendor(Map<String, String> fixed) {
        List<Problem> problems = new ArrayList<>();
        Map<String, String> values = new LinkedHashMap<>();
        fixed.forEach(
                (name, value) -> take(values, problems, new Given("build option", 0, Setter.VENDOR), name, value));
        return problems;
    }

    private static String operatorPart(String content) {
        int at = content.indexOf(MANAGED_MARKER);
        return at < 0 ? content : content.substring(0, at);
    }

    private static String read(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file, StandardCharsets.UTF_8) : "";
        } catch (UncheckedIOException | IOException e) {
            throw new ConfigException(List.of(new Problem(
                    String.valueOf(file.getFileName()),
                    0,
                    Files.isDirectory(file)
                            ? "is a directory; --config names the file in it, " + file.resolve("agent.cfg")
                            : "cannot be read: " + e.getClass().getSimpleName())));
        }
    }

    private static void take(
            Map<String, String> values, List<Problem> problems, Given from, String name, String value) {
        var key = ConfigKeys.find(name);
        if (key.isEmpty()) {
            if (!ForeignKeys.has(name)) {
                problems.add(from.problem("unknown key '" + name + "'" + nearest(name, ConfigKey::name)));
            }
        } else if (!key.get().setters().contains(from.setter())) {
            problems.add(from.problem("key '" + name + "' may not be set here"));
        } else {
            String fault = ConfigValues.fault(key.get(), value);
            if (fault.isEmpty()) {
                values.put(name, value);
            } else {
                problems.add(from.problem(name + ": " + fault));
            }
        }
    }

    private static void variable(Map<String, String> values, List<Problem> problems, String name, String value) {
        if (!name.startsWith(PREFIX)) {
            return;
        }
        var key = ConfigKeys.ALL.stream().filter(k -> k.variable().equals(name)).findFirst();
        if (key.isEmpty()) {
            problems.add(
                    new Problem("environment", 0, "unknown variable " + name + nearest(name, ConfigKey::variable)));
        } else {
            take(
                    values,
                    problems,
                    new Given("environment variable " + name, 0, Setter.OPERATOR),
                    key.get().name(),
                    value);
        }
    }

    private static String nearest(String name, java.util.function.Function<ConfigKey, String> spelling) {
        return ConfigKeys.ALL.stream()
                .map(spelling)
                .min(Comparator.comparingInt(other -> distance(name, other)))
                .filter(other -> distance(name, other) <= Math.max(2, name.length() / 3))
                .map(other -> "; did you mean '" + other + "'?")
                .orElse("; see docs/configuration.md");
    }

    /** Edit distance. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replace = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replace, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }

    private record Given(String place, int line, Setter setter) {
        Problem problem(String message) {
            return new Problem(place, line, message);
        }
    }
}

package io.machineroom.domain.deployment;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.data.Secret;
import io.machineroom.ports.data.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The entries of a list; a bad one is left out and told, the others stand. Immutable.
 *
 * @param entries the good ones, in order
 * @param names all names, good or bad, for events
 * @param faults what is wrong with the others
 */
public record PluginList(List<PluginEntry> entries, List<String> names, List<String> faults) {
    /** Most entries of one list. */
    public static final int MAX_ENTRIES = 1_000;

    private static final Pattern NAME = Pattern.compile("[a-zA-Z][a-zA-Z0-9_-]{0,127}");
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    public PluginList {
        entries = List.copyOf(entries);
        names = List.copyOf(names);
        faults = List.copyOf(faults);
    }

    /** Whether nodes take a plugin of that name: a letter, then at most 127 letters, digits, {@code _} and {@code -}. */
    public static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    /**
     * Reads a list.
     *
     * @throws PortException.Refused {@code spec.malformed} when it is not a JSON list, {@code spec.too-large}
     */
    public static PluginList read(byte[] list, JsonFormat json) {
        Value value;
        try {
            value = json.read(list);
        } catch (PortException.Refused e) {
            throw new PortException.Refused("spec.malformed", "invalid plugins specification: " + e.getMessage(), e);
        }
        if (!(value instanceof Value.Arr items)) {
            throw new PortException.Refused("spec.malformed", "invalid plugins specification: not a list");
        }
        if (items.items().size() > MAX_ENTRIES) {
            throw new PortException.Refused("spec.too-large", "the list has more than " + MAX_ENTRIES + " entries");
        }
        List<PluginEntry> entries = new ArrayList<>();
        List<String> names = new ArrayList<>();
        List<String> faults = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (Value item : items.items()) {
            if (!(item instanceof Value.Obj fields)) {
                faults.add("an entry is not an object");
                continue;
            }
            PluginEntry entry = entry(fields);
            names.add(entry.name());
            String fault = seen.add(entry.name()) ? fault(entry) : entry.name() + " is listed twice";
            if (fault.isEmpty()) {
                entries.add(entry);
            } else {
                faults.add(fault);
            }
        }
        return new PluginList(entries, names, faults);
    }

    private static PluginEntry entry(Value.Obj fields) {
        return new PluginEntry(
                text(fields, "name"),
                text(fields, "source"),
                text(fields, "checksum").toLowerCase(Locale.ROOT),
                text(fields, "verify_checksum").toLowerCase(Locale.ROOT),
                text(fields, "username"),
                Secret.of(text(fields, "password")),
                text(fields, "match"),
                text(fields, "governor"));
    }

    private static String text(Value.Obj fields, String key) {
        return fields.text(key).orElse("");
    }

    private static String fault(PluginEntry entry) {
        String name = entry.name();
        if (name.isEmpty()) {
            return "name is required";
        }
        if (!isName(name)) {
            return "'" + name + "' is no name for a plugin: a letter, then letters, digits, _ and -";
        }
        if (entry.source().isEmpty()) {
            return "source is required for " + name;
        }
        if (entry.checksum().isEmpty()) {
            return "checksum is required for " + name;
        }
        if (entry.digest().isEmpty()) {
            return "verify_checksum is required for " + name;
        }
        if (!SHA256.matcher(entry.checksum()).matches()
                || !SHA256.matcher(entry.digest()).matches()) {
            return "checksum and verify_checksum of " + name + " must be 64 hex digits";
        }
        return "";
    }
}

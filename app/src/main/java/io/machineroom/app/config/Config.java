package io.machineroom.app.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The settings in force: every value is checked, every default filled in. Immutable. */
public final class Config {
    private final Path file;
    private final Map<String, String> values;

    Config(Path file, Map<String, String> values) {
        this.file = file;
        this.values = new LinkedHashMap<>(values);
    }

    /** The configuration file; it need not exist. */
    public Path file() {
        return file;
    }

    /** The folder of the configuration file, base of relative paths. */
    public Path directory() {
        Path parent = file.getParent();
        return parent == null ? Path.of("/") : parent;
    }

    /** The value or its default; empty when neither is there. */
    public Optional<String> text(String name) {
        ConfigKey key = ConfigKeys.find(name).orElseThrow(() -> new IllegalArgumentException("no key " + name));
        String value = values.getOrDefault(name, key.fallback());
        return value.isEmpty() ? Optional.empty() : Optional.of(value);
    }

    public Path path(String name, Path whenUnset) {
        return text(name).map(this::resolve).orElse(whenUnset);
    }

    public Path path(String name) {
        return text(name).map(this::resolve).orElseThrow(() -> new IllegalArgumentException("no default for " + name));
    }

    public Duration duration(String name) {
        return ConfigValues.duration(required(name));
    }

    public long bytes(String name) {
        return ConfigValues.bytes(required(name));
    }

    public long whole(String name) {
        return Long.parseLong(required(name).strip());
    }

    public String choice(String name) {
        return required(name);
    }

    /** The storage folder. */
    public Path storage() {
        return path("storage.directory");
    }

    /** Where the control socket is. */
    public Path controlSocket() {
        return path("control.socket", storage().resolve("control.sock"));
    }

    /** Values that were set by somebody, for {@code buildinfo}; never secrets, because no key holds one. */
    public Map<String, String> set() {
        return Map.copyOf(values);
    }

    private String required(String name) {
        return text(name).orElseThrow(() -> new IllegalArgumentException("no value for " + name));
    }

    private Path resolve(String text) {
        String expanded = text.startsWith("~/") ? System.getProperty("user.home") + text.substring(1) : text;
        return directory().resolve(expanded).normalize();
    }
}

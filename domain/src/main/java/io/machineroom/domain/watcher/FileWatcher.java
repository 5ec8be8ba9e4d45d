package io.machineroom.domain.watcher;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.host.FileTree;
import io.machineroom.ports.host.HostFiles;
import io.machineroom.ports.watcher.Outcome;
import io.machineroom.ports.watcher.Properties;
import io.machineroom.ports.watcher.Watcher;
import io.machineroom.ports.watcher.WatcherContext;
import io.machineroom.ports.watcher.WatcherType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Watches one file (spec 4.5): without {@code contents} it tells that the file changed or is missing; with them it
 * keeps content, mode, owner and group as they should be.
 */
final class FileWatcher implements Watcher {
    /** Largest managed file: 16 MiB. */
    private static final int MAX_CONTENT = 16 * 1024 * 1024;

    private static final Pattern OCTAL = Pattern.compile("(?:0o|0)?[0-7]{1,4}");

    private final Settings settings;
    private final Path path;
    private final WatcherContext context;
    private String previous = "unknown";
    private @Nullable Instant seen;
    private boolean gathered;

    private FileWatcher(Settings settings, WatcherContext context) {
        this.settings = settings;
        this.path = context.directory().resolve(settings.path).normalize();
        this.context = context;
        this.gathered = !settings.gather;
    }

    private record Settings(String path, boolean gather, String contents, String owner, String group, String mode) {
        static Settings read(Properties properties) {
            Settings settings = new Settings(
                    properties.required("path"),
                    properties.bool("gather_initial_state", false),
                    Texts.optional(properties, "contents"),
                    Texts.optional(properties, "owner"),
                    Texts.optional(properties, "group"),
                    mode(properties));
            if (!settings.contents.isEmpty()) {
                settings.needed(properties, "owner", settings.owner);
                settings.needed(properties, "group", settings.group);
                settings.needed(properties, "mode", settings.mode);
            }
            if (!settings.mode.isEmpty()
                    && !settings.mode.contains("{{")
                    && !OCTAL.matcher(settings.mode).matches()) {
                properties.problem("mode", "invalid mode, must be a string like 0700");
            }
            return settings;
        }

        /** A number is what YAML made of {@code 0640}: the bits themselves. A text is octal digits. */
        private static String mode(Properties properties) {
            Optional<Value> given = properties.value("mode");
            if (given.isPresent() && given.get() instanceof Value.Num n && n.isLong() && n.asLong() >= 0) {
                return "0" + Long.toOctalString(n.asLong());
            }
            return Texts.optional(properties, "mode");
        }

        private void needed(Properties properties, String name, String text) {
            if (text.isEmpty()) {
                properties.problem(name, name + " is required when managing content");
            }
        }
    }

    @Override
    public Outcome check(Trigger trigger) {
        Optional<HostFiles> files = context.port(HostFiles.class);
        if (files.isEmpty()) {
            return failed("file.unavailable: this build lets no watcher see files");
        }
        boolean gather = !gathered;
        gathered = true;
        if (trigger == Trigger.START || (gather && settings.contents.isEmpty())) {
            if (gather) {
                seen = files.get().info(path).map(FileTree.Info::modified).orElse(null);
            }
            return new Outcome.Unchanged(previous);
        }
        try {
            return settings.contents.isEmpty() ? compared(files.get()) : managed(files.get());
        } catch (PortException e) {
            return failed(e.code() + ": " + e.getMessage());
        }
    }

    private Outcome compared(HostFiles files) {
        Optional<FileTree.Info> info = files.info(path);
        if (info.isEmpty()) {
            seen = null;
            return failed("file.missing: there is no readable " + path);
        }
        Instant modified = info.get().modified();
        boolean changed = !modified.equals(seen);
        seen = modified;
        return changed ? changed() : unchanged();
    }

    private Outcome managed(HostFiles files) {
        byte[] wanted = context.expand(settings.contents).getBytes(StandardCharsets.UTF_8);
        String owner = context.expand(settings.owner);
        String group = context.expand(settings.group);
        int mode = mode(context.expand(settings.mode));
        if (inOrder(files, wanted, mode, owner, group)) {
            return unchanged();
        }
        files.replace(path, wanted, mode, owner, group);
        return changed();
    }

    private boolean inOrder(HostFiles files, byte[] wanted, int mode, String owner, String group) {
        Optional<FileTree.Info> info = files.info(path);
        if (info.isEmpty()
                || info.get().kind() != FileTree.Kind.FILE
                || info.get().mode() != mode
                || info.get().size() != wanted.length) {
            return false;
        }
        Optional<HostFiles.Owner> owned = files.owner(path);
        boolean drift = owned.isPresent()
                && ((!owner.isEmpty() && !owner.equals(owned.get().user()))
                        || (!group.isEmpty() && !group.equals(owned.get().group())));
        return !drift
                && files.read(path, MAX_CONTENT)
                        .filter(is -> Arrays.equals(is, wanted))
                        .isPresent();
    }

    private static int mode(String text) {
        if (!OCTAL.matcher(text).matches()) {
            throw new PortException.Refused("file.mode", "invalid mode, must be a string like 0700");
        }
        return Integer.parseInt(text.startsWith("0o") ? text.substring(2) : text, 8);
    }

    private Outcome changed() {
        previous = "changed";
        return new Outcome.Succeeded(previous);
    }

    private Outcome unchanged() {
        previous = "unchanged";
        return new Outcome.Unchanged(previous);
    }

    private Outcome failed(String reason) {
        previous = "error";
        return new Outcome.Failed(previous, reason);
    }

    @Override
    public boolean stateChanged(boolean active) {
        if (!active) {
            previous = "skipped";
        }
        return false;
    }

    @Override
    public Value.Obj state() {
        return Value.obj("path", Value.text(path.toString()), "previous_outcome", Value.text(previous));
    }

    /** The kind. */
    record Type() implements WatcherType {
        @Override
        public String name() {
            return "file";
        }

        @Override
        public boolean quick() {
            return true;
        }

        @Override
        public IntervalRule interval() {
            return new IntervalRule(Duration.ofMillis(500), Duration.ofSeconds(5), false, true, true);
        }

        @Override
        public Watcher create(Properties properties, WatcherContext context) {
            return new FileWatcher(Settings.read(properties), context);
        }
    }
}

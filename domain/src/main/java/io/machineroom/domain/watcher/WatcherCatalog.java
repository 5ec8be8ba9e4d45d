package io.machineroom.domain.watcher;

import io.machineroom.ports.watcher.WatcherType;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The kinds of watchers of this build, by the name that {@code type:} gives. Immutable. */
public final class WatcherCatalog {
    private static final java.util.regex.Pattern NAME = java.util.regex.Pattern.compile("[a-z][a-z0-9_]*");

    private final Map<String, WatcherType> types;

    private WatcherCatalog(Map<String, WatcherType> types) {
        this.types = types;
    }

    /**
     * A catalogue.
     *
     * @throws IllegalArgumentException for a bad name, or one that is there twice
     */
    public static WatcherCatalog of(Collection<? extends WatcherType> types) {
        Map<String, WatcherType> byName = new LinkedHashMap<>();
        for (WatcherType type : types) {
            if (!NAME.matcher(type.name()).matches()) {
                throw new IllegalArgumentException("the watcher type '" + type.name()
                        + "' must be lower-case letters, digits and underscores, beginning with a letter");
            }
            if (byName.put(type.name(), type) != null) {
                throw new IllegalArgumentException("the watcher type '" + type.name() + "' is there twice");
            }
        }
        return new WatcherCatalog(byName);
    }

    /** The kinds that every build has, without {@code plugins}, which the machine host adds, and a vendor's own. */
    public static WatcherCatalog builtInAnd(Collection<? extends WatcherType> own) {
        return of(BuiltIn.TYPES).and(own);
    }

    /** This and more; an own kind may not take a name that is there. */
    public WatcherCatalog and(Collection<? extends WatcherType> more) {
        java.util.ArrayList<WatcherType> all = new java.util.ArrayList<>(types.values());
        all.addAll(more);
        return of(all);
    }

    public Optional<WatcherType> find(String name) {
        return Optional.ofNullable(types.get(name));
    }

    /** All names, in order of registration. */
    public Set<String> names() {
        return java.util.Collections.unmodifiableSet(types.keySet());
    }

    private static final class BuiltIn {
        static final List<WatcherType> TYPES = List.of(
                new ArchiveWatcher.Type(),
                new CcmManifestType(),
                new ExecWatcher.Type(),
                new ExpressionWatcher.Type(),
                new FileWatcher.Type(),
                new GossipWatcher.Type(),
                new KvWatcher.Type(),
                new MetricWatcher.Type(),
                new NagiosWatcher.Type(),
                new ScheduleWatcher.Type(),
                new SwitchWatcher.Type(),
                new TimerWatcher.Type());
    }
}

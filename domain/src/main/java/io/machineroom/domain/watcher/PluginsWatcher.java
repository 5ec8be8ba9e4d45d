package io.machineroom.domain.watcher;

import io.machineroom.domain.deployment.Deployer;
import io.machineroom.domain.deployment.DeployerTurns;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.security.VerifyKey;
import io.machineroom.ports.watcher.Durations;
import io.machineroom.ports.watcher.Outcome;
import io.machineroom.ports.watcher.Properties;
import io.machineroom.ports.watcher.Watcher;
import io.machineroom.ports.watcher.WatcherContext;
import io.machineroom.ports.watcher.WatcherType;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the node's plugins as the signed list in one item of machine data says (spec 4.12, 6). It looks at the item
 * every second, so that a new list is followed at once, and does the rest at its interval.
 */
public final class PluginsWatcher implements Watcher {
    /** Names of the kind; its watchers are woken when the data of their machine changed. */
    public static final Set<String> NAMES = Set.of("plugins", "machines");

    private static final Duration GLANCE = Duration.ofSeconds(1);

    private final @Nullable DeployerTurns deployer;
    private final String kind;
    private final Wish wish;
    private final WatcherContext context;
    private List<String> names = List.of();
    private String previous = "unknown";
    private long runNanos;
    private @Nullable Value seen;
    private boolean pending;

    private PluginsWatcher(@Nullable DeployerTurns deployer, String kind, Wish wish, WatcherContext context) {
        this.deployer = deployer;
        this.kind = kind;
        this.wish = wish;
        this.context = context;
    }

    /**
     * What its properties say.
     *
     * @param item key of the machine data that holds the list
     * @param purge whether plugins that the list does not name go
     * @param key who must have signed it, unless the configuration names one
     * @param manage how often each plugin is looked after; empty for the deployer's own
     */
    private record Wish(String item, boolean purge, Optional<VerifyKey.Ed25519> key, Optional<Duration> manage) {}

    /** The kinds {@code plugins} and, for manager machines that are still made, the older {@code machines} (spec 4.9). */
    public static List<WatcherType> types(DeployerTurns deployer) {
        return List.of(new Type(deployer, "plugins"), new Type(deployer, "machines"));
    }

    /** The kind {@code plugins} where nothing is deployed: for reading and rehearsing machines. Fails when asked. */
    public static WatcherType unattached() {
        return new Type(null, "plugins");
    }

    /** The older kind, where nothing is deployed. */
    public static WatcherType olderUnattached() {
        return new Type(null, "machines");
    }

    @Override
    public Outcome check(Trigger trigger) throws InterruptedException {
        Value document = context.data().get(wish.item()).orElse(null);
        boolean news = document != null && !document.equals(seen);
        if (trigger == Trigger.WOKEN && !news && !pending) {
            return new Outcome.Unchanged(previous, false, GLANCE);
        }
        seen = document;
        long start = context.time().ticks();
        if (deployer == null) {
            previous = "error";
            return new Outcome.Failed(previous, "plugin.unattached: nothing is deployed here");
        }
        Deployer.Answer answer = deployer.apply(new Deployer.Round(
                context.machineName(),
                document,
                wish.key(),
                wish.purge(),
                context.identity(),
                context.facts(),
                wish.manage()));
        runNanos = context.time().ticks() - start;
        names = answer.names();
        pending = answer.pending();
        if (!answer.error().isEmpty()) {
            boolean again = trigger == Trigger.WOKEN && !news && previous.equals("error");
            previous = "error";
            return new Outcome.Failed(previous, answer.error(), !again, !again, GLANCE);
        }
        previous = answer.updated() ? "updated" : "unchanged";
        return answer.updated()
                ? new Outcome.Succeeded(previous, true, true, GLANCE)
                : new Outcome.Unchanged(previous, false, GLANCE);
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
        return Value.obj(
                kind,
                Value.texts(names),
                "previous_outcome",
                Value.text(previous),
                "previous_run_time",
                Value.num(runNanos));
    }

    private record Type(@Nullable DeployerTurns deployer, String name) implements WatcherType {
        @Override
        public IntervalRule interval() {
            return new IntervalRule(Duration.ofSeconds(2), null, false, true, true);
        }

        @Override
        public Watcher create(Properties properties, WatcherContext context) {
            String item = properties.required("data_item");
            boolean purge = properties.bool("purge_unknown", false);
            Optional<Duration> manage = interval(properties, name.equals("plugins"));
            if (name.equals("plugins")) {
                properties.text("plugins_directory");
                if (properties.text("manager_machine_prefix").orElse("mm").contains("_")) {
                    properties.problem("manager_machine_prefix", "manager_machine_prefix may not contain underscore");
                }
            }
            return new PluginsWatcher(deployer, name, new Wish(item, purge, key(properties), manage), context);
        }

        /** Managers in the field say {@code machine_manage_interval}, which the original overlooks. */
        private static Optional<Duration> interval(Properties properties, boolean plugins) {
            Duration unset = Duration.ZERO;
            Duration older = older(properties).orElse(unset);
            Duration given = properties.duration(plugins ? "plugin_manage_interval" : "machinemanageinterval", older);
            return Optional.of(given).filter(wait -> !wait.equals(unset));
        }

        /** Nothing that stands there keeps a machine from being loaded: the original never looks at it. */
        private static Optional<Duration> older(Properties properties) {
            try {
                return properties
                        .value("machine_manage_interval")
                        .filter(Value.Text.class::isInstance)
                        .map(text -> Durations.parse(((Value.Text) text).value()));
            } catch (IllegalArgumentException e) {
                properties.doubt("machine_manage_interval", String.valueOf(e.getMessage()));
                return Optional.empty();
            }
        }

        private static Optional<VerifyKey.Ed25519> key(Properties properties) {
            String text = properties.text("public_key").orElse("").strip();
            if (text.isEmpty()) {
                return Optional.empty();
            }
            try {
                return Optional.of(VerifyKey.hex(text));
            } catch (IllegalArgumentException e) {
                properties.problem("public_key", String.valueOf(e.getMessage()));
                return Optional.empty();
            }
        }
    }
}

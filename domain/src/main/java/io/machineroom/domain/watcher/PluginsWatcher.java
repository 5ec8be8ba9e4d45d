package io.machineroom.domain.watcher;

import io.machineroom.domain.deployment.Deployer;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.security.VerifyKey;
import io.machineroom.ports.watcher.Outcome;
import io.machineroom.ports.watcher.Properties;
import io.machineroom.ports.watcher.Watcher;
import io.machineroom.ports.watcher.WatcherContext;
import io.machineroom.ports.watcher.WatcherType;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the node's plugins as the signed list in one item of machine data says (spec 4.12, 6). It looks at the item
 * every second, so that a new list is followed at once, and does the rest at its interval.
 */
public final class PluginsWatcher implements Watcher {
    private static final Duration GLANCE = Duration.ofSeconds(1);

    private final Deployer deployer;
    private final String item;
    private final boolean purge;
    private final Optional<VerifyKey.Ed25519> key;
    private final Optional<Duration> manage;
    private final WatcherContext context;
    private List<String> names = List.of();
    private String previous = "unknown";
    private long runNanos;
    private @Nullable Value seen;
    private boolean pending;

    private PluginsWatcher(
            Deployer deployer,
            String item,
            boolean purge,
            Optional<VerifyKey.Ed25519> key,
            Optional<Duration> manage,
            WatcherContext context) {
        this.deployer = deployer;
        this.item = item;
        this.purge = purge;
        this.key = key;
        this.manage = manage;
        this.context = context;
    }

    /** The kind. */
    public static WatcherType type(Deployer deployer) {
        return new Type(deployer);
    }

    @Override
    public Outcome check(Trigger trigger) throws InterruptedException {
        Value document = context.data().get(item).orElse(null);
        boolean news = document != null && !document.equals(seen);
        if (trigger == Trigger.WOKEN && !news && !pending) {
            return new Outcome.Unchanged(previous, false, GLANCE);
        }
        seen = document;
        long start = context.time().ticks();
        Deployer.Answer answer = deployer.apply(new Deployer.Round(
                context.machineName(), document, key, purge, context.identity(), context.facts(), manage));
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
    public Value.Obj state() {
        return Value.obj(
                "plugins", Value.texts(names),
                "previous_outcome", Value.text(previous),
                "previous_run_time", Value.num(runNanos));
    }

    private record Type(Deployer deployer) implements WatcherType {
        @Override
        public String name() {
            return "plugins";
        }

        @Override
        public IntervalRule interval() {
            return new IntervalRule(Duration.ofSeconds(2), null, false, true, true);
        }

        @Override
        public Watcher create(Properties properties, WatcherContext context) {
            String item = properties.required("data_item");
            boolean purge = properties.bool("purge_unknown", false);
            Optional<Duration> manage = interval(properties);
            properties.text("plugins_directory");
            if (properties.text("manager_machine_prefix").orElse("mm").contains("_")) {
                properties.problem("manager_machine_prefix", "manager_machine_prefix may not contain underscore");
            }
            return new PluginsWatcher(deployer, item, purge, key(properties), manage, context);
        }

        /** Managers in the field say {@code machine_manage_interval}, which the original overlooks. */
        private static Optional<Duration> interval(Properties properties) {
            Duration unset = Duration.ZERO;
            Duration older = properties.duration("machine_manage_interval", unset);
            Duration given = properties.duration("plugin_manage_interval", older);
            return Optional.of(given).filter(wait -> !wait.equals(unset));
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

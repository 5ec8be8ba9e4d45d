package io.machineroom.domain.replication;

import io.machineroom.domain.flow.LinkSupply;
import io.machineroom.domain.supervision.Service;
import io.machineroom.ports.PortException;
import io.machineroom.ports.kv.Bucket;
import io.machineroom.ports.kv.BucketSpec;
import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.transport.Link;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps the site's bucket {@code CONFIG} equal to the SaaS's: the whole key sets are compared on every pair of links and every
 * few minutes, changes are copied as they happen. What is equal is not written. While the SaaS cannot be reached the site keeps
 * what it had. Values are copied and nothing beside them: no condition or time to live of the writer acts at the site. One task.
 */
final class ConfigCopy implements Service {
    private static final System.Logger LOG = System.getLogger(ConfigCopy.class.getName());
    private static final Duration LOOK = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final long COMPARE_NANOS = 300_000_000_000L;
    private static final long COMPARE_UNWATCHED_NANOS = 30_000_000_000L;
    private static final int CHANGES = 1_024;

    private final SiteRuntime runtime;
    private final ConfigNames names;
    private String lastCode = "";

    ConfigCopy(SiteRuntime runtime, ConfigNames names) {
        this.runtime = runtime;
        this.names = names;
    }

    @Override
    public String name() {
        return "site-config";
    }

    @Override
    public void run() throws InterruptedException {
        while (true) {
            Optional<LinkSupply.Held> site = runtime.site().current();
            Optional<LinkSupply.Held> saas = runtime.saas().current();
            if (site.isPresent() && saas.isPresent()) {
                try {
                    between(site.get(), saas.get());
                } catch (PortException.Unavailable | PortException.Refused e) {
                    fault(e);
                    runtime.tasks().sleep(PATIENCE);
                }
            } else {
                runtime.tasks().sleep(LOOK);
            }
        }
    }

    private void fault(PortException e) {
        runtime.meter().count("mr_site_config_failures_total", "code", e.code(), 1);
        if (!e.code().equals(lastCode)) {
            LOG.log(Level.WARNING, "desired state is not copied to the site: {0}: {1}", e.code(), e.getMessage());
        }
        lastCode = e.code();
    }

    private void between(LinkSupply.Held site, LinkSupply.Held saas) throws InterruptedException {
        Bucket from = saas.link().bucket(BucketSpec.CONFIG);
        Bucket to = site.link().bucket(BucketSpec.CONFIG);
        Mailbox<String> changes = runtime.tasks().mailbox(CHANGES);
        Optional<Link.Subscription> watch = watch(from, changes);
        try {
            compare(from, to);
            long compared = runtime.ticks();
            long every = watch.isPresent() ? COMPARE_NANOS : COMPARE_UNWATCHED_NANOS;
            while (runtime.holds(site, saas)) {
                Optional<Set<String>> keys = changed(changes);
                if (keys.isEmpty() || runtime.ticks() - compared >= every) {
                    compare(from, to);
                    compared = runtime.ticks();
                } else {
                    for (String key : keys.get()) {
                        copy(key, from, to);
                    }
                }
            }
        } finally {
            watch.ifPresent(Link.Subscription::close);
        }
    }

    private Optional<Link.Subscription> watch(Bucket from, Mailbox<String> changes) {
        try {
            return Optional.of(from.watchAll(changes));
        } catch (PortException.Refused noWatch) {
            LOG.log(Level.DEBUG, "no watch of desired state over this way: {0}", noWatch.code());
            return Optional.empty();
        }
    }

    /** What changed; empty when so much did that some may be lost, and all is to be compared. */
    private Optional<Set<String>> changed(Mailbox<String> changes) throws InterruptedException {
        Set<String> keys = new LinkedHashSet<>();
        changes.poll(LOOK).ifPresent(keys::add);
        boolean full = changes.size() >= CHANGES - 1;
        keys.addAll(changes.drain(CHANGES));
        return full ? Optional.empty() : Optional.of(keys);
    }

    /** Makes the key sets equal; what vanished without a trace goes too. */
    private void compare(Bucket from, Bucket to) throws InterruptedException {
        Set<String> wanted = new HashSet<>();
        for (String key : from.keys()) {
            if (names.atSite(key).isPresent() && copy(key, from, to)) {
                wanted.add(names.atSite(key).get());
            }
        }
        for (String key : to.keys()) {
            if (!wanted.contains(key)) {
                delete(key, to);
            }
        }
        if (!lastCode.isEmpty()) {
            LOG.log(Level.INFO, "desired state is copied to the site again");
            lastCode = "";
        }
    }

    /** Brings one key to what it is at the SaaS; whether it is there. */
    private boolean copy(String key, Bucket from, Bucket to) throws InterruptedException {
        Optional<String> name = names.atSite(key);
        if (name.isEmpty()) {
            return false;
        }
        Optional<Bucket.Entry> there = from.get(key);
        if (there.isEmpty()) {
            delete(name.get(), to);
            return false;
        }
        Optional<Bucket.Entry> here = to.get(name.get());
        if (here.isEmpty() || !Arrays.equals(here.get().value(), there.get().value())) {
            to.put(name.get(), there.get().value());
            count();
        }
        return true;
    }

    private void delete(String name, Bucket to) throws InterruptedException {
        if (to.get(name).isPresent()) {
            to.delete(name);
            count();
        }
    }

    private void count() {
        runtime.meter().count("mr_site_config_changes_total", 1);
    }
}

package io.machineroom.domain.deployment;

import io.machineroom.domain.expression.Template;
import io.machineroom.domain.orchestration.Governor;
import io.machineroom.domain.orchestration.Governors;
import io.machineroom.domain.orchestration.Wish;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Secret;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.host.FileTree;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Installs, repairs and removes single plugins. Confined to the deployer's task. */
final class PluginWork {
    private final DeployerSettings settings;
    private final DeployerPorts ports;
    private final PluginStore store;
    private final FileTree tree;
    private final Reports reports;
    private final PluginHost host;
    private final ArchiveInstaller installer;
    private final Map<String, Long> checkAt = new HashMap<>();
    private final Set<String> left = new HashSet<>();
    private final Patience patience;

    PluginWork(DeployerSettings settings, DeployerPorts ports, Reports reports, PluginHost host) {
        this.settings = settings;
        this.ports = ports;
        this.store = ports.store();
        this.tree = store.tree();
        this.reports = reports;
        this.host = host;
        this.installer = new ArchiveInstaller(tree, ports.signatures(), ports.artifacts(), ports.archives());
        this.patience = new Patience(ports.entropy(), settings.splay(), settings.checkInterval());
    }

    /** Whether a version may be fetched; the splay of the settings passes first. */
    boolean due(PluginEntry entry) {
        return patience.due(entry, ports.time().ticks());
    }

    /** Takes a plugin away: what runs ends first, then its files go, so that nothing runs without them. */
    boolean remove(String name) {
        Optional<PluginPointer> pointer = store.pointer(name);
        store.remove(name);
        patience.forget(name);
        checkAt.remove(name);
        left.add(name);
        host.changed();
        pointer.ifPresent(reports::removed);
        tidy();
        return true;
    }

    /** Deletes the files of removed plugins whose machines have ended; a later start of the process does the rest. */
    void tidy() {
        left.removeIf(name -> {
            if (store.pointer(name).isPresent()) {
                return true;
            }
            if (host.occupies(name)) {
                return false;
            }
            store.discard(name);
            return true;
        });
    }

    /** Whether files wait for the end of their machines. */
    boolean tidying() {
        return !left.isEmpty();
    }

    /** Makes the wanted version current; it is whole and on disk before the pointer moves. */
    boolean install(PluginEntry entry, Deployer.Round round, String list) throws InterruptedException {
        patience.check(entry.name(), list, ports.time().ticks());
        PluginPointer pointer = store.pointer(entry.name()).orElse(PluginPointer.none(entry.name(), round.owner()));
        if (!pointer.owner().equals(round.owner())) {
            throw new PortException.Refused("plugin.owned", "the machine " + pointer.owner() + " brought it already");
        }
        try {
            bring(entry, round);
        } catch (PortException e) {
            patience.failed(entry.name(), list, ports.time().ticks(), e);
            throw e;
        }
        patience.done(entry.name());
        PluginPointer flipped = pointer.flip(entry.digest());
        store.save(flipped);
        checked(entry.name(), round);
        host.changed();
        clean(flipped);
        return true;
    }

    private void bring(PluginEntry entry, Deployer.Round round) throws InterruptedException {
        String folder = PluginStore.folder(entry.name(), entry.digest());
        if (tree.info(folder).isPresent() && whole(entry)) {
            return;
        }
        String staged = stage(entry, round);
        tree.delete(folder);
        if (tree.info("versions/" + entry.name()).isEmpty()) {
            tree.makeDirectory("versions/" + entry.name(), 0700);
            // the name of the new directory must not be lost when the pointer is not
            tree.sync("versions");
        }
        tree.rename(staged, folder);
    }

    private boolean whole(PluginEntry entry) {
        try {
            return store.difference(entry.name(), entry.digest()).none();
        } catch (PortException.Refused e) {
            return false;
        }
    }

    /** Downloads, in a slot where the entry names a governor. */
    private String stage(PluginEntry entry, Deployer.Round round) throws InterruptedException {
        ArchiveInstaller.Order order = order(entry, round.facts());
        Governor.Work<String> work = () -> installer.stage(order, settings.limits(), "downloads", "staging");
        String governor = Template.expand(entry.governor(), round.facts(), Value.obj());
        if (governor.isEmpty()) {
            return work.run();
        }
        Governors governors = ports.governors()
                .orElseThrow(() -> new PortException.Refused(
                        "governor.unavailable",
                        "this build has no governors, remove it from the entry " + entry.name()));
        Wish wish = Wish.ofWatcher(governor, round.owner(), entry.name(), round.identity(), Wish.PATIENCE);
        return governors.within(round.owner(), wish, work);
    }

    private static ArchiveInstaller.Order order(PluginEntry entry, Value.Obj facts) {
        Value.Obj none = Value.obj();
        Secret password = Secret.of(entry.password().<String>useText(text -> Template.expand(text, facts, none)));
        return new ArchiveInstaller.Order(
                Template.expand(entry.source(), facts, none),
                Template.expand(entry.username(), facts, none),
                password,
                entry.name(),
                entry.checksum(),
                ChecksumManifest.FILE,
                entry.digest());
    }

    /** Looks whether the installed version is whole, when it is time, and mends it file by file. */
    boolean keep(PluginEntry entry, Deployer.Round round, String list) throws InterruptedException {
        Long at = checkAt.get(entry.name());
        if (at != null && ports.time().ticks() - at < 0) {
            return false;
        }
        Optional<PluginPointer> pointer = store.pointer(entry.name());
        ChecksumManifest.Difference difference;
        try {
            difference = store.difference(entry.name(), entry.digest());
        } catch (PortException.Refused e) {
            difference = new ChecksumManifest.Difference(List.of(), List.of(ChecksumManifest.FILE), List.of());
        }
        if (!difference.none()) {
            patience.check(entry.name(), list, ports.time().ticks());
            try {
                mend(entry, round, difference);
            } catch (PortException e) {
                patience.failed(entry.name(), list, ports.time().ticks(), e);
                throw e;
            }
            if (pointer.isPresent()) {
                reports.repaired(pointer.get(), difference);
            }
        }
        patience.done(entry.name());
        checked(entry.name(), round);
        return !difference.none();
    }

    private void mend(PluginEntry entry, Deployer.Round round, ChecksumManifest.Difference difference)
            throws InterruptedException {
        String folder = PluginStore.folder(entry.name(), entry.digest());
        difference.extra().forEach(extra -> tree.delete(folder + "/" + extra));
        if (difference.missing().isEmpty() && difference.changed().isEmpty()) {
            return;
        }
        String staged = stage(entry, round);
        for (String file : tree.walk(staged)) {
            String target = folder + "/" + file;
            if (!same(staged + "/" + file, target)) {
                int slash = target.lastIndexOf('/');
                tree.makeDirectory(target.substring(0, slash), 0755);
                if (tree.info(target)
                        .filter(i -> i.kind() != FileTree.Kind.FILE)
                        .isPresent()) {
                    tree.delete(target);
                }
                tree.rename(staged + "/" + file, target);
            }
        }
        host.changed();
    }

    private boolean same(String one, String other) {
        boolean plain = tree.info(other)
                .filter(info -> info.kind() == FileTree.Kind.FILE)
                .isPresent();
        return plain
                && ports.signatures()
                        .sha256(tree.path(one))
                        .equals(ports.signatures().sha256(tree.path(other)));
    }

    private void checked(String name, Deployer.Round round) {
        long wait = round.manage().orElse(settings.checkInterval()).toNanos();
        checkAt.put(name, ports.time().ticks() + wait);
    }

    private void clean(PluginPointer pointer) {
        for (String digest : tree.list("versions/" + pointer.name())) {
            if (!digest.equals(pointer.current()) && !digest.equals(pointer.previous())) {
                tree.delete(PluginStore.folder(pointer.name(), digest));
            }
        }
    }
}

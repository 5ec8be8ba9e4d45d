package io.machineroom.domain.deployment;

import io.machineroom.domain.deployment.PluginReconciler.Install;
import io.machineroom.domain.deployment.PluginReconciler.Keep;
import io.machineroom.domain.deployment.PluginReconciler.Remove;
import io.machineroom.domain.deployment.PluginReconciler.Step;
import io.machineroom.domain.deployment.PluginReconciler.Wait;
import io.machineroom.domain.deployment.SignedSpecification.Policy;
import io.machineroom.domain.deployment.SignedSpecification.Rejected;
import io.machineroom.domain.deployment.SignedSpecification.Verdict;
import io.machineroom.domain.deployment.SignedSpecification.Verified;
import io.machineroom.domain.event.Events;
import io.machineroom.domain.event.Outgoing;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.security.VerifyKey;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes the node's plugins as a signed list says. What does not verify changes nothing and is told once; the last
 * adopted list stays in force. One task calls {@link #apply}; {@link #recover} is called before.
 */
public final class Deployer {
    private final DeployerSettings settings;
    private final DeployerPorts ports;
    private final PluginHost host;
    private final Reports reports;
    private final SerialStore lists;
    private final Probation probation;
    private final PluginWork work;

    /**
     * A deployer.
     *
     * @param out takes events; never blocks
     * @param host runs what is deployed
     */
    public Deployer(
            DeployerSettings settings, DeployerPorts ports, Events events, Consumer<Outgoing> out, PluginHost host) {
        this.settings = settings;
        this.ports = ports;
        this.host = host;
        this.reports = new Reports(events, out);
        this.lists = new SerialStore(ports.store().tree(), ports.json());
        this.probation = new Probation(settings.probation());
        this.work = new PluginWork(settings, ports, reports, host);
    }

    /**
     * One round.
     *
     * @param owner machine that asks; plugins of others are left alone
     * @param document the list as it came; null when there is none
     * @param key used when the build has none
     * @param purge whether unknown plugins are removed
     * @param identity of this node
     * @param facts of this node
     * @param manage time between checks of what is installed; empty for that of the settings
     */
    public record Round(
            String owner,
            @Nullable Value document,
            Optional<VerifyKey.Ed25519> key,
            boolean purge,
            String identity,
            Value.Obj facts,
            Optional<Duration> manage) {}

    /**
     * What came of a round.
     *
     * @param updated whether anything changed on the node
     * @param error why it is not as the list says; empty when it is
     * @param names names in the adopted list
     * @param pending whether something is to be done soon: a version has to prove itself, or a time has to come
     */
    public record Answer(boolean updated, String error, List<String> names, boolean pending) {}

    /** Sweeps what an interrupted installation left, and counts the starts of versions on probation. */
    public void recover() {
        ports.store().prepare();
        ports.store().sweep();
        for (PluginPointer pointer : ports.store().pointers().values()) {
            if (pointer.probation()) {
                ports.store().save(pointer.again());
            }
        }
    }

    /** Serial of the list adopted last; 0 before the first round and without a list. Safe from any task. */
    public long serial() {
        return lists.serial();
    }

    /** Does what can be done now. */
    public Answer apply(Round round) throws InterruptedException {
        work.tidy();
        AdoptedList adopted = lists.load(round.owner());
        boolean updated = judgeProbations(round.owner(), adopted);
        Optional<Rejected> rejected = Optional.empty();
        Value document = round.document();
        if (document == null) {
            rejected = Optional.of(new Rejected("spec.absent", "the data item is not present"));
        } else {
            Judged judged = judge(document, round, adopted);
            rejected = judged.rejected();
            adopted = judged.adopted();
        }
        Followed followed = follow(adopted, round);
        String error = rejected.map(r -> r.code() + ": " + r.reason()).orElse(followed.error());
        boolean pending = followed.pending()
                || work.tidying()
                || owned(round.owner()).values().stream().anyMatch(PluginPointer::probation);
        return new Answer(updated || followed.updated(), error, followed.names(), pending);
    }

    private record Judged(AdoptedList adopted, Optional<Rejected> rejected) {}

    private record Followed(boolean updated, String error, List<String> names, boolean pending) {}

    private Judged judge(Value document, Round round, AdoptedList adopted) {
        Optional<SignedSpecification> list = SignedSpecification.of(document);
        Verdict verdict = list.isEmpty()
                ? new Rejected("spec.malformed", "the data item is not a signed list of plugins")
                : verify(list.get(), round, adopted);
        if (verdict instanceof Rejected rejected) {
            String digest = ports.signatures().sha256(ports.json().write(document));
            reports.rejected(round.owner(), "", rejected.code(), rejected.reason(), digest);
            return new Judged(adopted, Optional.of(rejected));
        }
        Verified verified = (Verified) verdict;
        AdoptedList next = adopted.next(list.get(), verified);
        if (!next.equals(adopted)) {
            lists.save(round.owner(), next);
        }
        return new Judged(next, Optional.empty());
    }

    private Verdict verify(SignedSpecification list, Round round, AdoptedList adopted) {
        Optional<VerifyKey.Ed25519> key = settings.key().or(round::key);
        if (key.isEmpty()) {
            return new Rejected("spec.no-key", "this build has no machine signing key, nothing is deployed");
        }
        Verdict verdict = list.verify(key.get(), policy(adopted), ports.signatures(), ports.json());
        if (verdict instanceof Verified verified) {
            try {
                PluginList.read(verified.list(), ports.json());
            } catch (PortException.Refused e) {
                return new Rejected(e.code(), String.valueOf(e.getMessage()));
            }
        }
        return verdict;
    }

    private Policy policy(AdoptedList adopted) {
        long now = Math.max(
                ports.time().wall().getEpochSecond(),
                Math.max(settings.newestSigned().getAsLong(), adopted.signedTime()));
        long lowest = settings.lowestSerial().orElse(0);
        boolean own = adopted.serial() >= lowest && adopted.serial() >= 0;
        return new Policy(
                settings.customer(),
                settings.site(),
                now,
                own ? adopted.serial() : lowest,
                own ? adopted.digest() : "",
                settings.lowestSerial().isPresent() || adopted.serial() >= 0);
    }

    private Followed follow(AdoptedList adopted, Round round) throws InterruptedException {
        Optional<byte[]> bytes = adopted.document().flatMap(SignedSpecification::list);
        if (bytes.isEmpty()) {
            return new Followed(false, "", List.of(), false);
        }
        PluginList list = PluginList.read(bytes.get(), ports.json());
        DesiredPlugins desired = DesiredPlugins.forNode(list.entries(), round.identity(), round.facts(), ports.files());
        list.faults().forEach(f -> reports.rejected(round.owner(), "", "plugin.entry", f, adopted.digest()));
        desired.faults().forEach(f -> reports.rejected(round.owner(), "", "plugin.match", f, adopted.digest()));
        boolean updated = false;
        boolean pending = false;
        String error =
                list.faults().isEmpty() ? "" : "plugin.entry: " + list.faults().getFirst();
        boolean purge = round.purge() && list.faults().isEmpty();
        for (Step step : PluginReconciler.plan(owned(round.owner()), desired, purge, adopted.digest())) {
            if (step instanceof Install install && !work.due(install.entry())) {
                pending = true;
                continue;
            }
            try {
                updated |= take(step, round, adopted.digest());
            } catch (PortException e) {
                if (!(e instanceof PortException.Unavailable)) {
                    reports.rejected(
                            round.owner(), step.name(), e.code(), String.valueOf(e.getMessage()), adopted.digest());
                }
                error = step.name() + ": " + e.code() + ": " + e.getMessage();
            }
        }
        return new Followed(updated, error, list.names(), pending);
    }

    private boolean take(Step step, Round round, String list) throws InterruptedException {
        return switch (step) {
            case Remove remove -> work.remove(remove.name());
            case Wait wait -> false;
            case Keep keep -> work.keep(keep.entry(), round, list);
            case Install install -> work.install(install.entry(), round, list);
        };
    }

    private boolean judgeProbations(String owner, AdoptedList adopted) {
        boolean moved = false;
        for (PluginPointer pointer : owned(owner).values()) {
            if (!pointer.probation()) {
                continue;
            }
            long now = ports.time().ticks();
            switch (probation.judge(pointer, host.health(pointer.name()), now)) {
                case Probation.Pending pending -> {}
                case Probation.Passed passed -> {
                    PluginPointer proven = pointer.confirm();
                    ports.store().save(proven);
                    reports.deployed(proven);
                    moved = true;
                }
                case Probation.Failed failed -> {
                    PluginPointer back = pointer.rollBack(adopted.digest(), failed.code() + ": " + failed.reason());
                    ports.store().save(back);
                    host.changed();
                    reports.rolledBack(back, failed.code(), failed.reason());
                    moved = true;
                }
            }
        }
        return moved;
    }

    private Map<String, PluginPointer> owned(String owner) {
        Map<String, PluginPointer> out = new TreeMap<>(ports.store().pointers());
        out.values().removeIf(pointer -> !pointer.owner().equals(owner));
        return out;
    }
}

package io.machineroom.domain.machine;

import io.machineroom.domain.machine.MachineLibrary.Candidate;
import io.machineroom.ports.runtime.Tasks;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One place of the host: what was found, and what came of it. Immutable; the host replaces it.
 *
 * @param candidate what was found
 * @param machine the machine; null when it could not be loaded
 * @param task its task; null when it was never started
 * @param fault why it does not run; empty when it does
 * @param leaving whether it is to end
 * @param failures how often it broke in a row
 * @param retryAt tick from which a broken one is tried again
 * @param named name in its manifest, where that could be read
 */
record HostedMachine(
        Candidate candidate,
        @Nullable Machine machine,
        Tasks.@Nullable Task task,
        String fault,
        boolean leaving,
        int failures,
        long retryAt,
        String named) {
    /** Code of a refusal for want of room. */
    static final String TOO_MANY = "machine.too-many";

    static HostedMachine refused(Candidate candidate, String fault, String named) {
        return new HostedMachine(candidate.light(), null, null, fault, false, 0, 0, named);
    }

    static HostedMachine running(Candidate candidate, Machine machine, Tasks.Task task, int failures) {
        String named = machine.ref().name();
        return new HostedMachine(candidate.light(), machine, task, "", false, failures, 0, named);
    }

    HostedMachine left() {
        return new HostedMachine(candidate, machine, task, fault, true, failures, retryAt, named);
    }

    HostedMachine broken(String reason, long again) {
        return new HostedMachine(candidate, machine, task, reason, false, failures + 1, again, named);
    }

    /** Whether nothing has to happen: the same is there still, and what could not be read cannot be read still. */
    boolean stands(Candidate now) {
        boolean mended = candidate.fault().isPresent() && now.fault().isEmpty();
        return now.digest().equals(candidate.digest()) && !mended;
    }

    /** Whether it was refused because there were too many. */
    boolean crowdedOut() {
        return machine == null && fault.startsWith(TOO_MANY);
    }

    boolean ended() {
        Tasks.Task running = task;
        return running == null || running.done();
    }

    MachineStatus status() {
        Machine loaded = machine;
        if (loaded == null) {
            return new MachineStatus(
                    candidate.name(), "", "", candidate.directory(), fault, "", 0, List.of(), origin(), named);
        }
        return new MachineStatus(
                loaded.ref().name(),
                loaded.ref().version(),
                fault.isEmpty() ? loaded.view().state() : "",
                candidate.directory(),
                fault,
                loaded.ref().instance(),
                loaded.view().startTime(),
                loaded.available(),
                origin(),
                named);
    }

    private String origin() {
        return candidate.origin().word().toLowerCase(Locale.ROOT);
    }
}

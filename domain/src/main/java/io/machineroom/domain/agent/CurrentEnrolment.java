package io.machineroom.domain.agent;

import io.machineroom.domain.provisioning.Enrolment;
import java.util.function.Supplier;

/** The enrolment of a provisioned life with the tokens of its last renewal. Safe from any task. */
final class CurrentEnrolment implements Supplier<Enrolment> {
    private volatile Enrolment newest;

    CurrentEnrolment(Enrolment first) {
        this.newest = first;
    }

    @Override
    public Enrolment get() {
        return newest;
    }

    /** Takes one that brings other tokens and nothing else. */
    void renewed(Enrolment next) {
        newest = next;
    }
}

package io.machineroom.domain.deployment;

import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.runtime.Tasks;

/** Lets one task at a time into a deployer, which is meant for one: several machines may follow a list. Any task. */
public final class DeployerTurns {
    private final Deployer deployer;
    private final Mailbox<Boolean> turn;

    public DeployerTurns(Deployer deployer, Tasks tasks) {
        this.deployer = deployer;
        this.turn = tasks.mailbox(1);
        turn.offer(true);
    }

    /** As {@link Deployer#apply}, after those who came before. */
    public Deployer.Answer apply(Deployer.Round round) throws InterruptedException {
        turn.take();
        try {
            return deployer.apply(round);
        } finally {
            turn.offer(true);
        }
    }
}

package io.machineroom.ports.sim;

import io.machineroom.ports.contract.SlotsContract;
import io.machineroom.ports.kv.Slots;
import io.machineroom.ports.runtime.Tasks;

final class SimSlotsTest extends SlotsContract {
    private final SimWire wire = new SimWire(new SimTasks(7));

    @Override
    protected void within(Tasks.Body body) {
        wire.sim().run(body);
    }

    @Override
    protected Slots node() throws InterruptedException {
        return wire.nodeLink().slots();
    }

    @Override
    protected Slots owner() throws InterruptedException {
        return wire.backplaneLink().slots();
    }

    @Override
    protected void cut() {
        wire.network().cut("node", SimWire.SERVER);
    }

    @Override
    protected void leaveClosed(String governor, String change) {
        wire.streams().governors().leaveClosed(governor, change);
    }

    @Override
    protected Tasks tasks() {
        return wire.sim();
    }
}

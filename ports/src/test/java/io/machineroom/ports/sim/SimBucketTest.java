package io.machineroom.ports.sim;

import io.machineroom.ports.contract.BucketContract;
import io.machineroom.ports.kv.Bucket;
import io.machineroom.ports.runtime.Tasks;
import java.util.Optional;

final class SimBucketTest extends BucketContract {
    private final SimWire wire = new SimWire(new SimTasks(4));

    @Override
    protected void within(Tasks.Body body) {
        wire.sim().run(body);
    }

    @Override
    protected Bucket reader() throws InterruptedException {
        return wire.nodeLink().bucket("CONFIG");
    }

    @Override
    protected Bucket owner() throws InterruptedException {
        return wire.backplaneLink().bucket("CONFIG");
    }

    @Override
    protected Optional<Bucket> missing() throws InterruptedException {
        return Optional.of(wire.nodeLink().bucket("NOT_THERE"));
    }

    @Override
    protected Bucket another(String name) throws InterruptedException {
        return wire.backplaneLink().bucket(name);
    }

    @Override
    protected boolean readerOnlyReads() {
        return true;
    }

    @Override
    protected void cut() {
        wire.network().cut("node", SimWire.SERVER);
    }

    @Override
    protected Tasks tasks() {
        return wire.sim();
    }
}

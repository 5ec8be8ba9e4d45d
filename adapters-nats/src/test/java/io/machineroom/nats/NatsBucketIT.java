package io.machineroom.nats;

import io.machineroom.ports.contract.BucketContract;
import io.machineroom.ports.contract.LiveRuntime;
import io.machineroom.ports.kv.Bucket;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.transport.Link;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The reader is a node with exactly the rights of one; the owner is the backplane. */
final class NatsBucketIT extends BucketContract {
    private TestSaas saas;
    private Link backplane;

    @BeforeEach
    void start() throws InterruptedException {
        saas = TestSaas.start();
        backplane = saas.connect(saas.backplane(TestSaas.ACME));
        backplane.ensureBucket("CONFIG");
    }

    @AfterEach
    void stop() throws InterruptedException {
        if (saas != null) {
            saas.close();
        }
    }

    @Override
    protected Bucket reader() throws InterruptedException {
        return saas.connect(saas.node(TestSaas.ACME, "n1")).bucket("CONFIG");
    }

    @Override
    protected Bucket owner() {
        return backplane.bucket("CONFIG");
    }

    @Override
    protected Optional<Bucket> missing() {
        return Optional.of(backplane.bucket("NOT_THERE"));
    }

    @Override
    protected Bucket another(String name) throws InterruptedException {
        return backplane.bucket(name);
    }

    @Override
    protected boolean readerOnlyReads() {
        return true;
    }

    @Override
    protected void cut() throws InterruptedException {
        saas.stop();
    }

    @Override
    protected Tasks tasks() {
        return new LiveRuntime();
    }
}

package io.machineroom.app.simulation;

import io.machineroom.app.crypto.Ed25519Signatures;
import io.machineroom.app.crypto.FileKeyring;
import io.machineroom.ports.PortException;
import io.machineroom.ports.host.FileTree;
import io.machineroom.ports.runtime.Entropy;
import io.machineroom.ports.security.Keyring;
import io.machineroom.ports.security.Signatures;
import io.machineroom.ports.security.VerifyKey;
import io.machineroom.ports.sim.SimDisk;
import io.machineroom.ports.sim.SimEntropy;
import io.machineroom.ports.sim.SimFiles;
import io.machineroom.ports.sim.SimNode;
import io.machineroom.ports.sim.SimStorage;
import io.machineroom.ports.sim.SimTasks;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Supplier;

/** A computer of the simulated world: disk, clock, chance, and the process that runs on it now. */
final class Box {
    private final SimTasks sim;
    private final String name;
    private final SimDisk disk;
    private final SimStorage storage;
    private final BoxClock clock;
    private final SimEntropy entropy;
    private SimNode process;
    private int starts;
    private long cutAtStep = Long.MAX_VALUE;
    private boolean calm;
    private Runnable whenCut = () -> {};

    Box(SimTasks sim, String name) {
        this.sim = sim;
        this.name = name;
        this.clock = new BoxClock(sim.time());
        this.disk = new SimDisk(clock, sim.entropy().below(Long.MAX_VALUE)).beforeEachStep(this::step);
        this.storage = new SimStorage(sim.waits());
        this.entropy = new SimEntropy(sim.entropy().below(Long.MAX_VALUE));
        this.process = sim.node(name);
    }

    private void step(String what) {
        sim.note(name);
        sim.note(what);
        if (!calm && disk.steps() >= cutAtStep) {
            cutAtStep = Long.MAX_VALUE;
            whenCut.run();
            powerCut();
        }
    }

    String name() {
        return name;
    }

    SimDisk disk() {
        return disk;
    }

    SimStorage storage() {
        return storage;
    }

    BoxClock clock() {
        return clock;
    }

    Entropy entropy() {
        return entropy;
    }

    SimNode process() {
        return process;
    }

    /** A fresh process; the one before must have ended or been killed. */
    SimNode boot() {
        starts++;
        process = sim.node(name + "-" + starts);
        return process;
    }

    FileTree tree(Path root) {
        return new SimFiles(disk, root);
    }

    Keyring keyring(FileTree files) {
        return Signed.cheap(new FileKeyring(files, entropy));
    }

    /** Kill -9: the kernel still writes what it was given. */
    void kill() {
        storage.crash();
        process.crash();
    }

    /** What was not synced is gone, or torn. A task of this box that calls it does not return. */
    void powerCut() {
        storage.crash();
        disk.crash();
        process.crash();
    }

    /** The power fails right before one of the next writes, syncs or renames; then that is done for it. */
    void powerCutAfter(int steps, Runnable then) {
        cutAtStep = disk.steps() + steps;
        whenCut = then;
    }

    /**
     * What a person does at this disk from outside of its process. The power does not fail meanwhile: that would take
     * away what was written so far and let the rest go on.
     */
    <T> T calmly(Supplier<T> work) {
        calm = true;
        try {
            return work.get();
        } finally {
            calm = false;
        }
    }

    /** The power stays. */
    void keepPower() {
        cutAtStep = Long.MAX_VALUE;
    }

    /** Checks of simulated signatures and of real ones, digests of files on this disk. */
    Signatures signatures() {
        Ed25519Signatures real = new Ed25519Signatures();
        return new Signatures() {
            @Override
            public boolean verify(VerifyKey.Ed25519 key, byte[] data, byte[] signature) {
                return Arrays.equals(signature, Signed.signature(key, data)) || real.verify(key, data, signature);
            }

            @Override
            public boolean verifyRsa(VerifyKey.Rsa key, int shaBits, byte[] data, byte[] signature) {
                return real.verifyRsa(key, shaBits, data, signature);
            }

            @Override
            public String sha256(byte[] data) {
                return real.sha256(data);
            }

            @Override
            public String sha256(Path file) {
                return real.sha256(disk.content(file)
                        .orElseThrow(() -> new PortException.Refused("file.missing", "there is no " + file)));
            }
        };
    }
}

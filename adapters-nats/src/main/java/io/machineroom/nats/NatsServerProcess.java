package io.machineroom.nats;

import io.machineroom.ports.PortException;
import io.machineroom.ports.broker.Broker;
import io.machineroom.ports.host.ProcessRunner;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** A started {@code nats-server}. */
record NatsServerProcess(ProcessRunner.Child child, URI url, Path directory, NatsServerReload reload)
        implements Broker.Running {
    @Override
    public long pid() {
        return child.pid();
    }

    @Override
    public boolean alive() {
        return child.alive();
    }

    /** The server looks into that directory when somebody connects to an account that it does not know. */
    @Override
    public void admit(Broker.Account account) {
        Path file = NatsServerConfig.accounts(directory).resolve(account.nkey() + ".jwt");
        try {
            if (!Files.exists(file) || !Files.readString(file).equals(account.jwt())) {
                NatsServerBroker.write(file, account.jwt());
            }
        } catch (IOException e) {
            throw new PortException.Unavailable("broker.account", "the account cannot be written: " + e, e);
        }
    }

    @Override
    public void reload(Broker.Spec changed, Duration patience) throws InterruptedException {
        reload.run(child.pid(), changed, patience);
    }

    @Override
    public void stop(Duration grace) throws InterruptedException {
        if (child.alive()) {
            child.stop(grace);
        }
    }
}

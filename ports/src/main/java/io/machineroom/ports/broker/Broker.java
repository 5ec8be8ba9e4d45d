package io.machineroom.ports.broker;

import io.machineroom.ports.Port;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A broker on this machine, run as a child process. */
@Port
public interface Broker {
    /** Whether the broker program can be had; empty when yes, else what is missing and the remedy. */
    String missing();

    /**
     * Starts it and waits until it takes connections.
     *
     * @throws io.machineroom.ports.PortException.Unavailable {@code broker.start} with its last lines
     */
    Running start(Spec spec, Duration patience) throws InterruptedException;

    /**
     * How to run it.
     *
     * @param host address to listen on
     * @param port port; 0 picks a free one
     * @param directory configuration, store, log; mode 0700
     * @param certificateChain PEM
     * @param privateKey PEM
     * @param operatorJwt operator
     * @param accounts accounts to preload
     * @param systemAccountNkey public key of the system account
     */
    record Spec(
            String host,
            int port,
            Path directory,
            Path certificateChain,
            Path privateKey,
            String operatorJwt,
            List<Account> accounts,
            String systemAccountNkey) {
        public Spec {
            accounts = List.copyOf(accounts);
        }
    }

    /** An account to preload. */
    record Account(String nkey, String jwt) {}

    /** A started broker. */
    interface Running {
        URI url();

        long pid();

        boolean alive();

        void stop(Duration grace) throws InterruptedException;
    }
}

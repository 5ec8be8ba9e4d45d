package io.machineroom.ports.broker;

import io.machineroom.ports.Port;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A broker on this machine, run as a child process. */
@Port
public interface Broker {
    /** Whether the broker program can be had; empty when yes, else what is missing and the remedy. */
    String missing();

    /** The same, run by that program instead of the one that is found. */
    default Broker with(Path program) {
        throw new io.machineroom.ports.PortException.Refused(
                "broker.program", "this broker is not run by a program of choice: " + program);
    }

    /**
     * Starts it and waits until it takes connections. It has what it stored when it ran last with the same membership; after another
     * one it begins empty.
     *
     * @throws io.machineroom.ports.PortException.Unavailable {@code broker.start} with its last lines,
     *     {@code broker.missing}, {@code broker.version} for one that is too old
     */
    Running start(Spec spec, Duration patience) throws InterruptedException;

    /**
     * No broker runs on a directory for the time being, because what it was for was given to another. One that is started there
     * later begins with an empty store: what is kept there is old by then. Nothing happens where none ever ran.
     *
     * @throws io.machineroom.ports.PortException.Unavailable {@code broker.start} when that cannot be noted
     */
    default void retire(Path directory) {}

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
     * @param membership the cluster that it belongs to; empty for a broker on its own
     */
    record Spec(
            String host,
            int port,
            Path directory,
            Path certificateChain,
            Path privateKey,
            String operatorJwt,
            List<Account> accounts,
            String systemAccountNkey,
            Optional<Membership> membership) {
        public Spec {
            accounts = List.copyOf(accounts);
        }

        /** The same on that port. */
        public Spec withPort(int other) {
            return new Spec(
                    host,
                    other,
                    directory,
                    certificateChain,
                    privateKey,
                    operatorJwt,
                    accounts,
                    systemAccountNkey,
                    membership);
        }

        /** The same with these accounts. */
        public Spec withAccounts(List<Account> others) {
            return new Spec(
                    host,
                    port,
                    directory,
                    certificateChain,
                    privateKey,
                    operatorJwt,
                    others,
                    systemAccountNkey,
                    membership);
        }

        /** The same as one of a cluster. */
        public Spec within(Membership cluster) {
            return new Spec(
                    host,
                    port,
                    directory,
                    certificateChain,
                    privateKey,
                    operatorJwt,
                    accounts,
                    systemAccountNkey,
                    Optional.of(cluster));
        }
    }

    /**
     * One of a cluster. Its certificate is shown to the others and asked of them.
     *
     * @param server name of this one, unique in the cluster and the same after a restart
     * @param ca PEM of the CA that signs the certificates of all
     */
    record Membership(BrokerCluster cluster, String server, Path ca) {}

    /** An account to preload. */
    record Account(String nkey, String jwt) {}

    /** A started broker. */
    interface Running {
        URI url();

        long pid();

        boolean alive();

        /**
         * Takes one more account while it runs, or the same one again; nobody's connection is touched.
         *
         * @throws io.machineroom.ports.PortException.Unavailable {@code broker.account}
         */
        void admit(Account account);

        /**
         * Reads its certificate and key anew while it runs. Connections may end; clients make them again.
         *
         * @param spec as it was started, on the port that it took, with the accounts admitted since
         * @throws io.machineroom.ports.PortException.Unavailable {@code broker.reload}: it goes on as it was
         */
        void reload(Spec spec, Duration patience) throws InterruptedException;

        void stop(Duration grace) throws InterruptedException;
    }
}

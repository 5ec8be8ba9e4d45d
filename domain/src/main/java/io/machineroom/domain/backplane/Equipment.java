package io.machineroom.domain.backplane;

import io.machineroom.ports.broker.Broker;
import io.machineroom.ports.broker.BrokerAuthority;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.event.EventFormat;
import io.machineroom.ports.gateway.Gateway;
import io.machineroom.ports.host.ControlSocket;
import io.machineroom.ports.host.FileTree;
import io.machineroom.ports.host.HostFiles;
import io.machineroom.ports.runtime.Entropy;
import io.machineroom.ports.runtime.Meter;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.runtime.TimeSource;
import io.machineroom.ports.security.CertificateIssuer;
import io.machineroom.ports.security.Keyring;
import io.machineroom.ports.security.Signatures;
import io.machineroom.ports.security.TlsContexts;
import io.machineroom.ports.store.EventLog;
import io.machineroom.ports.transport.Transport;
import java.util.List;

/**
 * The ports of a running backplane.
 *
 * @param host tasks, clocks, files
 * @param trust keys and signatures
 * @param ways in and out
 */
public record Equipment(Host host, Trust trust, Doors ways) {
    /** Twice what gateway and broker let in: one event must never be what the log cannot take. */
    public static final int MAX_LOGGED_BYTES = 2 << 20;
    /** Kept free on the disk of the event log. */
    public static final long LOG_RESERVE_BYTES = 64L << 20;

    /**
     * The machine.
     *
     * @param files the state directory
     * @param log opened event log; closed by the service
     */
    public record Host(
            Tasks tasks,
            TimeSource time,
            Entropy entropy,
            Meter meter,
            JsonFormat json,
            FileTree files,
            HostFiles hostFiles,
            EventLog log) {}

    /**
     * Keys.
     *
     * @param keys keys of the state directory; none of the offline ones
     */
    public record Trust(
            Keyring keys,
            Signatures signatures,
            TlsContexts tls,
            BrokerAuthority authority,
            CertificateIssuer certificates) {}

    /**
     * Ways in and out.
     *
     * @param formats encodings of events, the first is used for events of the backplane itself
     * @param nats how to reach brokers, with the keys of {@link Trust}
     */
    public record Doors(
            List<EventFormat> formats, Gateway gateway, Transport nats, Broker broker, ControlSocket control) {
        public Doors {
            formats = List.copyOf(formats);
        }
    }
}

package io.machineroom.nats;

import dagger.Module;
import dagger.Provides;
import dagger.multibindings.IntoSet;
import io.machineroom.ports.broker.Broker;
import io.machineroom.ports.broker.BrokerAuthority;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.host.ProcessRunner;
import io.machineroom.ports.replica.StreamHosts;
import io.machineroom.ports.runtime.TimeSource;
import io.machineroom.ports.security.FileTls;
import io.machineroom.ports.security.Keyring;
import io.machineroom.ports.security.TlsContexts;
import io.machineroom.ports.transport.Transport;

/** The door of the NATS adapter. Nothing of the client library is loaded before a NATS URL is used. */
@Module
public final class NatsModule {
    private NatsModule() {}

    /** Links over NATS. */
    @Provides
    @IntoSet
    public static Transport transport(Keyring keys, TlsContexts tls, JsonFormat json) {
        return new NatsTransport(keys, tls, json);
    }

    /** The stock {@code nats-server} as a child process. */
    @Provides
    public static Broker broker(ProcessRunner processes, JsonFormat json) {
        return new NatsServerBroker(processes, json, NatsServerBroker.usualPlaces());
    }

    /** Decentralised credentials of NATS. */
    @Provides
    public static BrokerAuthority authority(JsonFormat json, TimeSource time) {
        return new NatsAuthority(json, time);
    }

    /** Connections to NATS servers of others. */
    @Provides
    public static StreamHosts streamHosts(FileTls tls) {
        return new NatsHosts(tls);
    }
}

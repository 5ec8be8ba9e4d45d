package io.machineroom.http;

import dagger.BindsOptionalOf;
import dagger.Module;
import dagger.Provides;
import dagger.multibindings.IntoSet;
import io.machineroom.ports.artifact.ArtifactStore;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.event.EventFormat;
import io.machineroom.ports.gateway.Gateway;
import io.machineroom.ports.gateway.LocalEndpoint;
import io.machineroom.ports.gateway.Upstream;
import io.machineroom.ports.runtime.Entropy;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.runtime.TimeSource;
import io.machineroom.ports.security.Keyring;
import io.machineroom.ports.security.TlsContexts;
import io.machineroom.ports.transport.CurrentEndpoint;
import io.machineroom.ports.transport.HttpsProxy;
import io.machineroom.ports.transport.Transport;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;

/**
 * HTTPS: the transport and the artifact store of a node, the gateway of a backplane, and the endpoint for
 * metrics on this machine. Whoever wires binds the ports named in the parameters, {@code List<EventFormat>}
 * with the preferred encoding first, and may bind a {@link HttpsProxy}; without one the JDK's settings hold.
 *
 * <p>Nothing here touches the HTTP client or TLS before the first connection.
 */
@Module
public interface HttpModule {
    /** How to leave the network; need not be bound. */
    @BindsOptionalOf
    HttpsProxy proxy();

    @Provides
    static Clients clients(Optional<HttpsProxy> proxy) {
        return Clients.jdk(proxy);
    }

    @Provides
    @Singleton
    static SessionAuthority sessions() {
        return new SessionAuthority();
    }

    @Provides
    @Singleton
    static Clocks clocks(Tasks tasks, TimeSource time, Entropy entropy) {
        return new Clocks(tasks, time, entropy);
    }

    @Provides
    @Singleton
    static HttpTransport httpTransport(
            Keyring keyring,
            TlsContexts tls,
            Formats formats,
            Clocks clocks,
            SessionAuthority authority,
            Clients clients) {
        return new HttpTransport(new HttpTransport.Parts(
                keyring,
                tls,
                formats.json(),
                formats.events(),
                clocks.tasks(),
                clocks.time(),
                clocks.entropy(),
                authority,
                clients));
    }

    @Provides
    static Formats formats(JsonFormat json, List<EventFormat> events) {
        return new Formats(json, events);
    }

    @Provides
    @IntoSet
    static Transport transport(HttpTransport transport) {
        return transport;
    }

    @Provides
    @Singleton
    static ArtifactStore artifacts(
            HttpTransport transport,
            SessionAuthority authority,
            CurrentEndpoint current,
            TlsContexts tls,
            Clients clients,
            Clocks clocks) {
        return new HttpArtifactStore(
                new ArtifactAccess(transport, authority, current, tls, clients), clocks.tasks(), clocks.time());
    }

    @Provides
    @Singleton
    static Upstream upstream(CurrentEndpoint current, TlsContexts tls, Clients clients, Clocks clocks) {
        return new HttpUpstream(current, tls, clients, clocks.tasks(), clocks.time());
    }

    @Provides
    @Singleton
    static Gateway gateway(JsonFormat json, Clocks clocks) {
        return new HttpGateway(json, clocks.tasks(), clocks.time(), clocks.entropy(), GatewayLimits.standard());
    }

    @Provides
    @Singleton
    static LocalEndpoint localEndpoint(JsonFormat json, Clocks clocks) {
        return new LoopbackEndpoint(json, clocks.tasks(), clocks.time());
    }
}

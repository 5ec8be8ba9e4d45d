package io.machineroom.app.wiring;

import dagger.BindsOptionalOf;
import dagger.Module;
import dagger.Provides;
import io.machineroom.domain.replication.relay.SiteWeb;
import io.machineroom.ports.broker.Broker;
import io.machineroom.ports.gateway.Gateway;
import io.machineroom.ports.gateway.Upstream;
import io.machineroom.ports.security.Signatures;
import io.machineroom.ports.security.TlsContexts;
import java.util.Optional;
import java.util.function.LongFunction;

/** What the leader of a site needs and other builds may lack. */
@Module
interface SiteModule {
    /** A build without NATS has none. */
    @BindsOptionalOf
    Broker broker();

    /** A build without HTTPS has none. */
    @BindsOptionalOf
    Gateway gateway();

    @BindsOptionalOf
    Upstream upstream();

    /** The simulation has none. */
    @BindsOptionalOf
    TlsContexts tls();

    @Provides
    static Optional<LongFunction<SiteWeb>> web(
            Optional<Gateway> gateway, Optional<Upstream> upstream, Optional<TlsContexts> tls, Signatures signatures) {
        return gateway.isEmpty() || upstream.isEmpty() || tls.isEmpty()
                ? Optional.empty()
                : Optional.of(bytes -> new SiteWeb(gateway.get(), tls.get(), upstream.get(), signatures, bytes));
    }
}

package io.machineroom.app.wiring;

import dagger.BindsInstance;
import dagger.Component;
import io.machineroom.app.config.AgentOptions;
import io.machineroom.app.config.ConfigSource;
import io.machineroom.app.graph.AgentGraph;
import io.machineroom.http.HttpModule;
import io.machineroom.nats.NatsModule;
import jakarta.inject.Singleton;

/** The default agent: NATS first, HTTPS as the fallback, the spool that is found on the class path. */
@Singleton
@Component(modules = {DomainModule.class, HostModule.class, SpoolModule.class, NatsModule.class, HttpModule.class})
public interface AgentComponent extends AgentGraph {
    /** Makes the component. */
    @Component.Factory
    interface Factory {
        AgentComponent create(@BindsInstance AgentOptions options, @BindsInstance ConfigSource source);
    }
}

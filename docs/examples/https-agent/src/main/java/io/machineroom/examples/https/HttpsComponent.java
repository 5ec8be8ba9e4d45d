package io.machineroom.examples.https;

import dagger.BindsInstance;
import dagger.Component;
import io.machineroom.app.config.AgentOptions;
import io.machineroom.app.config.ConfigSource;
import io.machineroom.app.graph.AgentGraph;
import io.machineroom.app.wiring.DomainModule;
import io.machineroom.app.wiring.HostModule;
import io.machineroom.app.wiring.SpoolModule;
import io.machineroom.http.HttpModule;
import jakarta.inject.Singleton;

/** The default wiring less {@code NatsModule}. */
@Singleton
@Component(modules = {DomainModule.class, HostModule.class, SpoolModule.class, HttpModule.class})
interface HttpsComponent extends AgentGraph {
    @Component.Factory
    interface Factory {
        HttpsComponent create(@BindsInstance AgentOptions options, @BindsInstance ConfigSource source);
    }
}

package io.machineroom.app.wiring;

import dagger.BindsInstance;
import dagger.Component;
import io.machineroom.app.config.AgentOptions;
import io.machineroom.app.config.ConfigSource;
import io.machineroom.domain.agent.AgentLifecycle;
import io.machineroom.domain.agent.FactoryReset;
import jakarta.inject.Singleton;

/** An agent by the product's own plan of wires, on simulated ports. */
@Singleton
@Component(modules = {DomainModule.class, SimulationModule.class})
public interface SimulatedAgent {
    AgentLifecycle lifecycle();

    FactoryReset reset();

    /** Makes the component. */
    @Component.Factory
    interface Factory {
        SimulatedAgent create(
                @BindsInstance AgentOptions options,
                @BindsInstance ConfigSource source,
                @BindsInstance SimulatedHost host);
    }

    /** One agent. */
    static SimulatedAgent create(AgentOptions options, ConfigSource source, SimulatedHost host) {
        return DaggerSimulatedAgent.factory().create(options, source, host);
    }
}

package io.machineroom.app.backplane;

import dagger.BindsInstance;
import dagger.Component;
import io.machineroom.app.wiring.HostModule;
import io.machineroom.http.HttpModule;
import io.machineroom.nats.NatsModule;
import jakarta.inject.Singleton;

/** The backplane's own plan of wires, for one state directory. */
@Singleton
@Component(modules = {BackplaneModule.class, HostModule.class, HttpModule.class, NatsModule.class})
interface BackplaneComponent extends BackplaneGraph {
    /** Makes a component. */
    @Component.Factory
    interface Factory {
        BackplaneComponent create(@BindsInstance StateDirectory state);
    }
}

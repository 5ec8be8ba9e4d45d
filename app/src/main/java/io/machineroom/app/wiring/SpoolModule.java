package io.machineroom.app.wiring;

import dagger.Module;
import dagger.Provides;
import jakarta.inject.Singleton;

/** The spool backends, from the class path. */
@Module
public interface SpoolModule {
    @Provides
    @Singleton
    static SpoolProviders spools() {
        return SpoolProviders.onClassPath();
    }
}

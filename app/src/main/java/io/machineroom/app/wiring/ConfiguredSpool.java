package io.machineroom.app.wiring;

import io.machineroom.app.config.Config;
import io.machineroom.app.graph.SpoolFiles;
import io.machineroom.ports.PortException;
import io.machineroom.ports.host.FileTree;
import io.machineroom.ports.spool.Spool;
import io.machineroom.ports.spool.SpoolProvider;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/** The spool that a configuration names; bounds that only the enrolment brings do not matter to those who look. */
record ConfiguredSpool(Config config, SpoolProviders spools, FileTree storage, RealWorld world) implements SpoolFiles {
    @Override
    public Path directory() {
        return SettingsOf.spool(config).directory();
    }

    @Override
    public Spool open(Optional<Path> other) {
        SpoolProvider.Settings settings = SettingsOf.spool(config);
        Path at = other.orElse(settings.directory());
        if (!Files.isDirectory(at)) {
            throw new PortException.Refused("spool.absent", at + " holds no spool");
        }
        return provider()
                .open(
                        new SpoolProvider.Settings(
                                at,
                                settings.bounds(),
                                settings.maxMessageBytes(),
                                settings.reserveBytes(),
                                settings.durability()),
                        world.time(),
                        world.entropy());
    }

    @Override
    public long check(Optional<Path> other, Consumer<SpoolProvider.Finding> findings) throws InterruptedException {
        return provider().check(other.orElse(directory()), findings);
    }

    private SpoolProvider provider() {
        return spools.choose(config.text("spool.provider"));
    }
}

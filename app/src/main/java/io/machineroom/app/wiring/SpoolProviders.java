package io.machineroom.app.wiring;

import io.machineroom.ports.PortException;
import io.machineroom.ports.spool.SpoolProvider;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/** Chooses the spool backend among those on the class path. */
public final class SpoolProviders {
    private final List<SpoolProvider> found;

    SpoolProviders(List<SpoolProvider> found) {
        this.found = List.copyOf(found);
    }

    /** Those that {@link ServiceLoader} finds. */
    public static SpoolProviders onClassPath() {
        return new SpoolProviders(ServiceLoader.load(SpoolProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .toList());
    }

    /**
     * The provider to use.
     *
     * @param wanted value of {@code spool.provider}
     * @throws PortException.Refused {@code spool.provider} when there is none, or no clear one
     */
    public SpoolProvider choose(Optional<String> wanted) {
        if (wanted.isPresent()) {
            return found.stream()
                    .filter(p -> p.name().equals(wanted.get()))
                    .findFirst()
                    .orElseThrow(
                            () -> refused("spool.provider is '" + wanted.get() + "', but there is only: " + names()));
        }
        if (found.isEmpty()) {
            throw refused("no spool backend is on the class path; put one into lib/");
        }
        if (found.size() > 1) {
            throw refused("several spool backends are on the class path (" + names() + "); set spool.provider to one");
        }
        return found.getFirst();
    }

    private String names() {
        return found.isEmpty()
                ? "none"
                : found.stream().map(SpoolProvider::name).sorted().collect(Collectors.joining(", "));
    }

    private static PortException refused(String message) {
        return new PortException.Refused("spool.provider", message);
    }
}

package io.machineroom.app.wiring;

import io.machineroom.ports.PortException;
import io.machineroom.ports.spool.SpoolProvider;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Chooses the spool backend among those on the class path and those whose jars were dropped into {@code lib/}. */
public final class SpoolProviders {
    private final List<SpoolProvider> found;
    private final Supplier<List<SpoolProvider>> dropped;

    SpoolProviders(List<SpoolProvider> found, Supplier<List<SpoolProvider>> dropped) {
        this.found = List.copyOf(found);
        this.dropped = dropped;
    }

    /** Those that {@link ServiceLoader} finds; {@code lib/} is looked through only when another one is asked for. */
    public static SpoolProviders onClassPath() {
        return new SpoolProviders(
                load(SpoolProviders.class.getClassLoader()), () -> load(DroppedJars.loader(SpoolProviders.class)));
    }

    private static List<SpoolProvider> load(ClassLoader from) {
        return ServiceLoader.load(SpoolProvider.class, from).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
    }

    /**
     * The provider to use.
     *
     * @param wanted value of {@code spool.provider}
     * @throws PortException.Refused {@code spool.provider} when there is none, or no clear one
     */
    public SpoolProvider choose(Optional<String> wanted) {
        if (wanted.isPresent()) {
            return named(found, wanted.get()).orElseGet(() -> {
                List<SpoolProvider> all = dropped.get();
                return named(all, wanted.get())
                        .orElseThrow(() ->
                                refused("spool.provider is '" + wanted.get() + "', but there is only: " + names(all)));
            });
        }
        if (found.isEmpty()) {
            throw refused("no spool backend is on the class path; put one into lib/");
        }
        if (found.size() > 1) {
            throw refused(
                    "several spool backends are on the class path (" + names(found) + "); set spool.provider to one");
        }
        return found.getFirst();
    }

    private static Optional<SpoolProvider> named(List<SpoolProvider> among, String name) {
        return among.stream().filter(p -> p.name().equals(name)).findFirst();
    }

    private static String names(List<SpoolProvider> all) {
        return all.isEmpty()
                ? "none"
                : all.stream().map(SpoolProvider::name).sorted().collect(Collectors.joining(", "));
    }

    private static PortException refused(String message) {
        return new PortException.Refused("spool.provider", message);
    }
}

package io.machineroom.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.LocationProvider;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The compiled modules of this reactor, where Maven put them; the backplane is in no jar that a test could name. */
final class RealHouse {
    static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    private static final List<String> MODULES =
            List.of("ports", "domain", "adapters-nats", "adapters-chronicle", "adapters-http", "app");

    private RealHouse() {}

    static JavaClasses main() {
        return new ClassFileImporter().importLocations(locations("classes"));
    }

    static JavaClasses mainAndTests() {
        return new ClassFileImporter()
                .importLocations(Stream.concat(locations("classes").stream(), locations("test-classes").stream())
                        .collect(Collectors.toSet()));
    }

    /** Not the examples: they are guests, built after these tests, and would count only where an earlier build left them. */
    private static Set<Location> locations(String output) {
        return MODULES.stream()
                .map(module -> ROOT.resolve(module).resolve("target").resolve(output))
                .filter(Files::isDirectory)
                .map(Location::of)
                .collect(Collectors.toSet());
    }

    /** For {@code @AnalyzeClasses}. */
    static final class Main implements LocationProvider {
        @Override
        public Set<Location> get(Class<?> testClass) {
            return locations("classes");
        }
    }

    /** For {@code @AnalyzeClasses}, when the tests are the subject. */
    static final class MainAndTests implements LocationProvider {
        @Override
        public Set<Location> get(Class<?> testClass) {
            return Stream.concat(locations("classes").stream(), locations("test-classes").stream())
                    .collect(Collectors.toSet());
        }
    }
}

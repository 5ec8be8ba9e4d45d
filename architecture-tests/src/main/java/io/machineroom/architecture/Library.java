package io.machineroom.architecture;

import static io.machineroom.architecture.Packages.in;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.List;

/**
 * A library and the one place that may name it.
 *
 * @param home classes that may use it
 * @param packages its packages
 */
record Library(DescribedPredicate<JavaClass> home, String... packages) {

    static List<Library> of(House house) {
        DescribedPredicate<JavaClass> modules = DescribedPredicate.describe(
                "*Module", c -> c.getName().replaceFirst("\\$.*", "").endsWith("Module"));
        DescribedPredicate<JavaClass> door =
                DescribedPredicate.describe("MachineRoom", c -> c.getName().startsWith(house.app("MachineRoom")));
        return List.of(
                new Library(in(house.nats()), "io.nats"),
                new Library(in(house.chronicle()), "net.openhft"),
                new Library(in(house.http()), "java.net.http", "com.sun.net.httpserver"),
                new Library(in(house.app("crypto")), "org.bouncycastle"),
                new Library(
                        in(house.app("codec")),
                        "io.cloudevents",
                        "com.google.protobuf",
                        "tools.jackson",
                        "org.snakeyaml.engine"),
                new Library(in(house.app("host")), "oshi", "org.apache.commons.compress", "io.prometheus"),
                new Library(in(house.app("cli"), house.app("backplane")).or(door), "picocli"),
                new Library(in(house.app("wiring"), house.app("backplane")).or(modules), "dagger", "jakarta.inject"));
    }
}

package io.machineroom.examples.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.machineroom.ports.data.Value;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bill of materials tells what ships, and nothing of where or when it was made. */
class PackagedIT {
    @TempDir
    Path directory;

    @Test
    void theBillOfMaterialsNamesEveryJarThatShips() throws Exception {
        Workshop shop = Stage.workshop(directory);
        Path bill = shop.distribution().resolve("sbom.cdx.json");
        Assumptions.assumeTrue(
                Files.exists(bill) || "true".equals(System.getenv("CI")),
                "the plugin makes no bill of materials when Maven is offline (-o)");
        String text = Files.readString(bill);
        Set<String> told = new TreeSet<>();
        for (Value item : shop.object(text).list("components")) {
            Value.Obj component = (Value.Obj) item;
            told.add(component.text("name").orElseThrow() + "-"
                    + component.text("version").orElseThrow() + ".jar");
            assertFalse(component.list("hashes").isEmpty(), component::toString);
        }
        Set<String> ships = new TreeSet<>();
        try (var lib = Files.list(shop.distribution().resolve("lib"))) {
            lib.forEach(file -> ships.add(file.getFileName().toString()));
        }
        assertEquals(ships, told);
        assertFalse(text.contains("serialNumber"));
        assertFalse(text.contains("\"timestamp\""));
        assertFalse(text.contains(System.getProperty("user.home")));
    }
}

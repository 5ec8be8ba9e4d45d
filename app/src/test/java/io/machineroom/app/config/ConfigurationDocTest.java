package io.machineroom.app.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ConfigurationDocTest {
    @Test
    void pageIsWhatTheTableSays() throws IOException {
        Path page = Path.of("..", "docs", "configuration.md");
        if (Boolean.getBoolean("machineroom.print")) {
            Files.writeString(page, ConfigurationPage.markdown());
        }
        assertEquals(
                ConfigurationPage.markdown(),
                Files.readString(page),
                "print it anew: mvn test -pl app -am -Dtest=ConfigurationDocTest -Dmachineroom.print=true");
    }
}

package io.machineroom.app.codec;

import io.machineroom.ports.fuzz.Fuzz;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Random manifests are read or refused, in bounded time and memory. */
final class YamlFuzzTest {
    private final SnakeYaml yaml = new SnakeYaml();
    private final Fuzz fuzz = new Fuzz(
            "yaml",
            Set.of("yaml.invalid", "yaml.too-large"),
            text -> yaml.write(yaml.read(text.getBytes(StandardCharsets.UTF_8)).root()));

    @Test
    void survivesRandomTexts() throws IOException {
        fuzz.run();
    }

    @Test
    void survivesWhatWasKept() throws IOException {
        fuzz.replay();
    }
}

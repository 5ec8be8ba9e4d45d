package io.machineroom.domain.deployment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.machineroom.ports.artifact.ArtifactStore;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SiteArtifactsTest {
    private final List<URI> asked = new ArrayList<>();
    private final ArtifactStore store = (source, login, most, into, timeout) -> {
        asked.add(source);
        return 1;
    };

    @ParameterizedTest
    @CsvSource({
        "https://saas.example/v1/artifacts/a.tgz, https://leader:9223/v1/artifacts/a.tgz",
        "https://saas.example:443/v1/artifacts/a.tgz, https://leader:9223/v1/artifacts/a.tgz",
        "https://SAAS.example/v1/artifacts/a.tgz, https://leader:9223/v1/artifacts/a.tgz",
        "https://other:8443/v1/artifacts/b-1.0.tgz, https://leader:9223/v1/artifacts/b-1.0.tgz",
        "https://saas.example:8443/v1/artifacts/a.tgz, https://saas.example:8443/v1/artifacts/a.tgz",
        "https://saas.example/v1/artifact/a.tgz, https://saas.example/v1/artifact/a.tgz",
        "http://saas.example/v1/artifacts/a.tgz, http://saas.example/v1/artifacts/a.tgz",
        "https://mirror.example/a.tgz, https://mirror.example/a.tgz"
    })
    void asksTheLeaderForWhatLiesAtTheSaas(URI named, URI fetched) throws Exception {
        List<URI> saas = List.of(URI.create("https://saas.example"), URI.create("https://other:8443"));
        SiteArtifacts.of(store, saas, Optional.of(URI.create("https://leader:9223")))
                .fetch(named, Optional.empty(), 10, Path.of("x"), Duration.ofSeconds(1));
        assertEquals(List.of(fetched), asked);
    }

    @Test
    void aNodeWithoutALeaderAsksAsBefore() {
        assertSame(store, SiteArtifacts.of(store, List.of(), Optional.of(URI.create("https://saas.example"))));
    }
}

package io.machineroom.domain.deployment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.machineroom.ports.PortException;
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
        SiteArtifacts.of(store, saas, List.of(URI.create("https://leader:9223")))
                .fetch(named, Optional.empty(), 10, Path.of("x"), Duration.ofSeconds(1));
        assertEquals(List.of(fetched), asked);
    }

    @Test
    void aNodeWithoutALeaderAsksAsBefore() {
        assertSame(store, SiteArtifacts.of(store, List.of(), List.of(URI.create("https://saas.example"))));
    }

    @Test
    void w37GoesOnToTheNextLeaderWhenOneCannotBeReached() throws Exception {
        List<URI> leaders = List.of(
                URI.create("https://one:9223"), URI.create("https://two:9223"), URI.create("https://three:9223"));
        ArtifactStore oneIsDead = (source, login, most, into, timeout) -> {
            asked.add(source);
            if (source.getHost().equals("one")) {
                throw new PortException.Unavailable("artifact.unreachable", "dead");
            }
            return 7;
        };
        ArtifactStore site = SiteArtifacts.of(oneIsDead, List.of(URI.create("https://saas.example")), leaders);
        URI named = URI.create("https://saas.example/v1/artifacts/a.tgz");
        assertEquals(7, site.fetch(named, Optional.empty(), 10, Path.of("x"), Duration.ofSeconds(1)));
        assertEquals(
                List.of(
                        URI.create("https://one:9223/v1/artifacts/a.tgz"),
                        URI.create("https://two:9223/v1/artifacts/a.tgz")),
                asked);
    }

    @Test
    void w37SaysWhyWhenNoLeaderCanBeReached() {
        ArtifactStore dead = (source, login, most, into, timeout) -> {
            throw new PortException.Unavailable("artifact.unreachable", source.getHost());
        };
        List<URI> leaders = List.of(URI.create("https://one:9223"), URI.create("https://two:9223"));
        ArtifactStore site = SiteArtifacts.of(dead, List.of(URI.create("https://saas.example")), leaders);
        URI named = URI.create("https://saas.example/v1/artifacts/a.tgz");
        PortException.Unavailable away = assertThrows(
                PortException.Unavailable.class,
                () -> site.fetch(named, Optional.empty(), 10, Path.of("x"), Duration.ofSeconds(1)));
        assertEquals("one", away.getMessage());
    }
}

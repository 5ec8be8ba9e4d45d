package io.machineroom.ports.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.machineroom.ports.artifact.ArtifactStore;
import io.machineroom.ports.contract.ArtifactStoreContract;
import io.machineroom.ports.runtime.Tasks;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class SimArtifactsTest extends ArtifactStoreContract {
    private final SimTasks tasks = new SimTasks(11);
    private final SimFiles files = SimFiles.fresh(tasks);
    private final SimArtifacts artifacts = new SimArtifacts(files.disk(), tasks);
    private int targets;

    @Override
    protected ArtifactStore store() {
        return artifacts;
    }

    @Override
    protected Path target() {
        return files.path("download-" + targets++);
    }

    @Override
    protected Optional<byte[]> content(Path file) {
        return files.disk().content(file);
    }

    @Override
    protected void within(Tasks.Body body) {
        tasks.run(body);
    }

    @Override
    protected Server server() {
        return new Lying(artifacts);
    }

    @Test
    void sendsWrongBytesWhenToldTo() throws InterruptedException {
        within(() -> {
            URI url = server().offer("x", new byte[500]);
            artifacts.lie(url, new SimArtifacts.Lie.WrongBytes());
            Path into = target();
            assertEquals(500, artifacts.fetch(url, Optional.empty(), 1_000, into, Duration.ofSeconds(1)));
            assertEquals(false, Arrays.equals(new byte[500], content(into).orElseThrow()));
        });
    }

    private record Lying(SimArtifacts artifacts) implements Server {
        private static URI url(String name) {
            return URI.create("https://artifacts.sim/" + name);
        }

        @Override
        public URI offer(String name, byte[] content) {
            artifacts.offer(url(name), content);
            artifacts.offer(otherHost(url(name)), content);
            return url(name);
        }

        @Override
        public void breakOffOnce(String name, int after) {
            artifacts.lie(url(name), new SimArtifacts.Lie.BreaksOff(after));
        }

        @Override
        public void status(String name, int status) {
            artifacts.lie(url(name), new SimArtifacts.Lie.Status(status));
        }

        @Override
        public void endless(String name) {
            artifacts.lie(url(name), new SimArtifacts.Lie.Endless());
        }

        @Override
        public void stall(String name) {
            artifacts.lie(url(name), new SimArtifacts.Lie.Slow(Duration.ofDays(1)));
        }

        @Override
        public URI redirect(String name, URI to) {
            artifacts.lie(url(name), new SimArtifacts.Lie.Redirect(to));
            return url(name);
        }

        @Override
        public URI otherHost(URI url) {
            return URI.create("https://elsewhere.sim" + url.getPath());
        }

        @Override
        public List<String> logins(String name) {
            return artifacts.asked().stream()
                    .filter(a -> a.url().getPath().equals("/" + name))
                    .map(SimArtifacts.Asked::authorization)
                    .toList();
        }

        @Override
        public long sent(String name) {
            return artifacts.asked().stream()
                    .filter(a -> a.url().getPath().equals("/" + name))
                    .mapToLong(SimArtifacts.Asked::sent)
                    .sum();
        }
    }
}

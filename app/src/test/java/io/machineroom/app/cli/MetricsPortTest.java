package io.machineroom.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.machineroom.app.config.ConfigLoader;
import io.machineroom.app.config.ConfigSource;
import io.machineroom.app.graph.AgentGraph;
import io.machineroom.app.graph.Metrics;
import io.machineroom.ports.gateway.Gateway;
import io.machineroom.ports.gateway.LocalEndpoint;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code metrics.port} of a real configuration file: the endpoint opens there, and nowhere without it. */
final class MetricsPortTest {
    private final List<Object> told = new ArrayList<>();

    private AgentGraph graph() {
        LocalEndpoint endpoint = (port, metrics, health) -> {
            told.add(port);
            return new Gateway.Running() {
                @Override
                public URI url() {
                    return URI.create("http://127.0.0.1:" + port);
                }

                @Override
                public void close() {
                    told.add("closed");
                }
            };
        };
        return (AgentGraph) Proxy.newProxyInstance(
                AgentGraph.class.getClassLoader(),
                new Class<?>[] {AgentGraph.class},
                (self, method, arguments) ->
                        method.getName().equals("metrics") ? (Metrics) () -> "mr_up 1\n" : endpoint);
    }

    private void run(Path folder, String line) throws IOException {
        Path file = folder.resolve("agent.cfg");
        Files.writeString(file, line);
        ConfigSource source = new ConfigSource(new ConfigLoader(Map.of(), Map.of()), file);
        try (AgentRun.Endpoint open = AgentRun.Endpoint.open(graph(), source.base())) {
            told.add(open.running().isPresent());
        }
    }

    @Test
    void opensOnlyWhereItIsSet(@TempDir Path folder) throws IOException {
        run(folder, "");
        assertEquals(List.of(false), told);
        run(folder, "metrics.port = 9102");
        assertEquals(List.of(false, 9102, true, "closed"), told);
    }
}

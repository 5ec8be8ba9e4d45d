package io.machineroom.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.gateway.Gateway;
import io.machineroom.ports.gateway.LocalEndpoint;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.runtime.TimeSource;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Supplier;

/** Metrics and health for programs on this machine. */
final class LoopbackEndpoint implements LocalEndpoint {
    private static final int MAX_REQUESTS = 16;

    private final JsonFormat json;
    private final Tasks tasks;
    private final TimeSource time;

    LoopbackEndpoint(JsonFormat json, Tasks tasks, TimeSource time) {
        this.json = json;
        this.tasks = tasks;
        this.time = time;
    }

    @Override
    public Gateway.Running serve(int port, Supplier<String> metrics, Supplier<Value.Obj> health) {
        JdkServer.prepare(GatewayLimits.standard().headerBytes());
        HttpServer server = bind(port);
        ExchangeRunner runner = new ExchangeRunner(tasks, time, Duration.ofSeconds(10), MAX_REQUESTS);
        server.setExecutor(runner);
        server.createContext("/", exchange -> {
            try (exchange) {
                answer(exchange, metrics, health);
                exchange.getResponseBody().close();
            }
        });
        server.start();
        return new Serving(server, runner);
    }

    private static HttpServer bind(int port) {
        try {
            byte[] loopback = {127, 0, 0, 1};
            return HttpServer.create(new InetSocketAddress(InetAddress.getByAddress(loopback), port), 16);
        } catch (IOException e) {
            throw new PortException.Unavailable(
                    "gateway.port", "cannot listen on 127.0.0.1 port " + port + ": " + e.getMessage(), e);
        }
    }

    private void answer(HttpExchange exchange, Supplier<String> metrics, Supplier<Value.Obj> health)
            throws IOException {
        String method = exchange.getRequestMethod();
        String path = exchange.getRequestURI().getPath();
        if (!method.equals("GET") && !method.equals("HEAD")) {
            send(exchange, 405, "text/plain", "only GET\n".getBytes(StandardCharsets.UTF_8));
        } else if (path.equals("/metrics")) {
            byte[] text = metrics.get().getBytes(StandardCharsets.UTF_8);
            send(exchange, 200, "text/plain; version=0.0.4; charset=utf-8", text);
        } else if (path.equals("/health")) {
            Value.Obj state = health.get();
            int status = state.bool("healthy").orElse(true) ? 200 : 503;
            send(exchange, status, "application/json", json.write(state));
        } else {
            send(exchange, 404, "text/plain", "/metrics or /health\n".getBytes(StandardCharsets.UTF_8));
        }
    }

    private static void send(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        boolean head = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(status, head || body.length == 0 ? -1 : body.length);
        if (!head && body.length > 0) {
            exchange.getResponseBody().write(body);
        }
    }

    private record Serving(HttpServer server, ExchangeRunner runner) implements Gateway.Running {
        @Override
        public URI url() {
            return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        }

        @Override
        public void close() {
            server.stop(0);
            runner.close();
        }
    }
}

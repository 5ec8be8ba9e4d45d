package io.machineroom.http;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.gateway.Gateway;
import io.machineroom.ports.runtime.Entropy;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.runtime.TimeSource;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/** The HTTPS server of a backplane, on the JDK's own. */
final class HttpGateway implements Gateway {
    private final JsonFormat json;
    private final Tasks tasks;
    private final TimeSource time;
    private final Entropy entropy;
    private final GatewayLimits limits;

    HttpGateway(JsonFormat json, Tasks tasks, TimeSource time, Entropy entropy, GatewayLimits limits) {
        this.json = json;
        this.tasks = tasks;
        this.time = time;
        this.entropy = entropy;
        this.limits = limits;
    }

    @Override
    public Running serve(Settings settings, Handler handler) {
        JdkServer.prepare(limits.headerBytes());
        int atOnce =
                Math.min(settings.maxConnections(), HeapShare.ofThisProcess().requests());
        HttpsServer server = bind(settings);
        ExchangeRunner runner = new ExchangeRunner(tasks, time, limits.requestTime(), atOnce);
        MemoryBudget memory = new MemoryBudget(limits.bodyMemoryBytes());
        server.setHttpsConfigurator(new ModernTls(settings.tls()));
        server.setExecutor(runner);
        server.createContext(
                "/",
                GatewayHandler.of(new GatewayHandler.Parts(
                        handler,
                        new RequestReader(settings.maxBodyBytes(), limits.headerBytes()),
                        new Problems(json),
                        runner,
                        memory,
                        entropy)));
        server.start();
        return new Serving(server, runner, memory, settings, atOnce, (int)
                limits.closeTime().toSeconds());
    }

    private static HttpsServer bind(Settings settings) {
        try {
            return HttpsServer.create(new InetSocketAddress(settings.host(), settings.port()), 128);
        } catch (IOException e) {
            throw new PortException.Unavailable(
                    "gateway.port",
                    "cannot listen on " + settings.host() + " port " + settings.port() + ": " + e.getMessage(),
                    e);
        }
    }

    private static final class ModernTls extends HttpsConfigurator {
        ModernTls(SSLContext context) {
            super(context);
        }

        @Override
        public void configure(HttpsParameters parameters) {
            SSLParameters tls = getSSLContext().getDefaultSSLParameters();
            tls.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
            parameters.setSSLParameters(tls);
        }
    }

    private record Serving(
            HttpsServer server,
            ExchangeRunner runner,
            MemoryBudget memory,
            Settings settings,
            int atOnce,
            int closeSeconds)
            implements Running {
        @Override
        public URI url() {
            String host = settings.host().contains(":") ? "[" + settings.host() + "]" : settings.host();
            return URI.create("https://" + host + ":" + server.getAddress().getPort());
        }

        @Override
        public List<String> limits() {
            return List.of("requests=" + runner.inFlight() + "/" + atOnce, "body_bytes=" + memory.used());
        }

        /** Waits a moment for answers under way, then interrupts what waits. */
        @Override
        public void close() {
            server.stop(closeSeconds);
            runner.close();
        }
    }
}

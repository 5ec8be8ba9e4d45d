package io.machineroom.examples.demo;

import io.machineroom.app.codec.CloudEventsProtobufFormat;
import io.machineroom.app.codec.JacksonJson;
import io.machineroom.app.codec.SnakeYaml;
import io.machineroom.app.crypto.FileKeyring;
import io.machineroom.app.crypto.PinnedTls;
import io.machineroom.app.host.HostFacts;
import io.machineroom.app.host.LocalFileTree;
import io.machineroom.app.host.PrometheusMeter;
import io.machineroom.app.host.SystemRuntime;
import io.machineroom.nats.NatsModule;
import io.machineroom.ports.data.Secret;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.event.Event;
import io.machineroom.ports.host.FactSource;
import io.machineroom.ports.security.KeyRole;
import io.machineroom.ports.security.Keyring;
import io.machineroom.ports.security.TrustPolicy;
import io.machineroom.ports.spool.Spool;
import io.machineroom.ports.spool.SpoolProvider;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.Subject;
import io.machineroom.ports.transport.Endpoint;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import picocli.CommandLine;

/**
 * The parts that an agent is made of, each used once as an agent uses it. As a program: uses one in a JVM of
 * its own and prints what the process then holds and has used.
 */
enum Part {
    BARE("JVM and class path"),
    COMMANDS("command line: picocli (not used by a plain run)"),
    DOCUMENTS("JSON and YAML: Jackson, SnakeYAML"),
    EVENTS("event encoding: CloudEvents, protobuf"),
    METRICS("metrics: Prometheus client"),
    FACTS("facts: OSHI"),
    KEYS("keys and signatures: BouncyCastle"),
    SPOOL("spool: Chronicle, one event"),
    TLS("TLS of the JDK, one context"),
    NATS("NATS over TLS, connected; with keys"),
    HTTP("HTTP client of the JDK, one failed request (not used while NATS is up)"),
    ALL("all but command line and HTTP client");

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final String title;

    Part(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }

    /** Arguments: the name of a part, a folder of its own, URL and pin of the NATS server. */
    public static void main(String[] args) throws Exception {
        Use use = new Use(Path.of(args[1]), URI.create(args[2]), args[3]);
        if (Part.valueOf(args[0]) == ALL) {
            for (Part part : List.of(DOCUMENTS, EVENTS, METRICS, FACTS, KEYS, SPOOL, NATS)) {
                use.of(part);
            }
        } else {
            use.of(Part.valueOf(args[0]));
        }
        long cpuNanos = ProcessHandle.current()
                .info()
                .totalCpuDuration()
                .orElse(Duration.ZERO)
                .toNanos();
        // the parts stay reachable until here
        System.out.println(status("VmRSS:") + " " + status("RssAnon:") + " " + cpuNanos / 1_000_000 + " " + use.held());
        System.out.flush();
        Runtime.getRuntime().halt(0);
    }

    private static long status(String line) throws IOException {
        for (String text : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (text.startsWith(line)) {
                return Long.parseLong(text.replaceAll("[^0-9]", ""));
            }
        }
        return -1;
    }

    /** Uses parts, and holds on to what they made. */
    private static final class Use {
        private final List<Object> held = new ArrayList<>();
        private final SystemRuntime runtime = new SystemRuntime();
        private final Path folder;
        private final URI server;
        private final String pin;

        Use(Path folder, URI server, String pin) {
            this.folder = folder;
            this.server = server;
            this.pin = pin;
        }

        int held() {
            return held.size();
        }

        void of(Part part) throws Exception {
            switch (part) {
                case BARE, ALL -> {}
                case COMMANDS ->
                    held.add(new CommandLine(
                                    CommandLine.Model.CommandSpec.create().name("x"))
                            .parseArgs());
                case DOCUMENTS -> documents();
                case EVENTS -> held.add(new CloudEventsProtobufFormat(new JacksonJson()).encode(event()));
                case METRICS -> {
                    PrometheusMeter meter = new PrometheusMeter();
                    meter.count("mr_events_created_total", 1);
                    meter.gauge("mr_link_up", 1);
                    held.add(meter.render());
                }
                case FACTS -> held.add(new HostFacts().gather(FactSource.OptOuts.none()));
                case KEYS -> keyring().sign(KeyRole.IDENTITY, new byte[32]);
                case SPOOL -> spool();
                case TLS -> held.add(new PinnedTls().client(new TrustPolicy(List.of(pin), 0)));
                case NATS -> nats();
                case HTTP -> http();
            }
        }

        private void documents() {
            JacksonJson json = new JacksonJson();
            held.add(json.read(json.pretty(Value.obj("a", Value.num(1)))));
            held.add(new SnakeYaml().read("a: [1, 2]\n".getBytes(StandardCharsets.UTF_8)));
        }

        private Event event() {
            return new Event("1", "/x", "io.machineroom.x.v1", "x", Instant.EPOCH, Value.obj("a", Value.text("b")));
        }

        private Keyring keyring() {
            Keyring keys = new FileKeyring(new LocalFileTree(folder), runtime);
            keys.ensure(KeyRole.IDENTITY);
            keys.ensure(KeyRole.NATS_USER);
            held.add(keys);
            return keys;
        }

        private void spool() throws InterruptedException {
            Spool spool = ServiceLoader.load(SpoolProvider.class)
                    .findFirst()
                    .orElseThrow()
                    .open(SpoolProvider.Settings.defaults(folder.resolve("spool")), runtime, runtime);
            held.add(spool);
            ByteBuffer body = ByteBuffer.wrap(new byte[512]);
            spool.append(Lane.NORMAL, List.of(new Message(Subject.of("x"), "1", Map.of(), body, Instant.EPOCH)));
        }

        private void nats() throws InterruptedException {
            Keyring keys = keyring();
            Endpoint.Credentials node = new Endpoint.Credentials.Node(
                    "x",
                    keys.publicNkey(KeyRole.NATS_USER).orElseThrow(),
                    Secret.of("x"),
                    KeyRole.NATS_USER,
                    KeyRole.IDENTITY);
            held.add(NatsModule.transport(keys, new PinnedTls(), new JacksonJson())
                    .connect(new Endpoint(
                            List.of(server),
                            new TrustPolicy(List.of(pin), Instant.now().getEpochSecond()),
                            node,
                            "x",
                            PATIENCE)));
        }

        private void http() throws InterruptedException {
            HttpClient client = HttpClient.newBuilder()
                    .sslContext(new PinnedTls().client(new TrustPolicy(List.of(pin), 0)))
                    .build();
            held.add(client);
            try {
                client.send(
                        HttpRequest.newBuilder(URI.create("https://127.0.0.1:9/"))
                                .build(),
                        HttpResponse.BodyHandlers.discarding());
                throw new StoryFailed("somebody listens on port 9");
            } catch (IOException nobodyThere) {
                held.add(nobodyThere);
            }
        }
    }
}

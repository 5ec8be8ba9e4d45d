package io.machineroom.domain.replication;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.domain.flow.LinkKeeper;
import io.machineroom.domain.flow.LinkSettings;
import io.machineroom.domain.flow.Way;
import io.machineroom.ports.broker.Broker;
import io.machineroom.ports.contract.Deliveries;
import io.machineroom.ports.data.Secret;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.kv.Bucket;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.security.KeyRole;
import io.machineroom.ports.security.TrustPolicy;
import io.machineroom.ports.sim.SimBroker;
import io.machineroom.ports.sim.SimDisk;
import io.machineroom.ports.sim.SimFiles;
import io.machineroom.ports.sim.SimJson;
import io.machineroom.ports.sim.SimMeter;
import io.machineroom.ports.sim.SimNetwork;
import io.machineroom.ports.sim.SimStreams;
import io.machineroom.ports.sim.SimTasks;
import io.machineroom.ports.sim.SimTransport;
import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.StreamSpec;
import io.machineroom.ports.stream.Subject;
import io.machineroom.ports.transport.Endpoint;
import io.machineroom.ports.transport.Link;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** A SaaS, a site with its leader, and nodes of it; abstract because it holds no test. */
abstract class SiteWorld {
    static final String SITE_PIN = "ab".repeat(32);
    static final String HOST = "leader.north";
    static final String NODE = "UNODEONE";
    static final Duration SOON = Duration.ofMinutes(1);

    final SimTasks tasks = new SimTasks(41);
    final SimNetwork network = new SimNetwork(tasks);
    final SimStreams saas = network.serve("saas");
    final SimBroker broker = new SimBroker(network);
    final SimMeter meter = new SimMeter();
    final SimFiles files = new SimFiles(new SimDisk(tasks.time(), 9), Path.of("/site"));
    final PaperCertificates certificates = new PaperCertificates(files, tasks.time());
    final Deliveries normal = new Deliveries("normal", Lane.NORMAL);
    private final List<Tasks.Task> running = new ArrayList<>();

    Duration validity = Duration.ofDays(90);
    SiteSettings settings = new SiteSettings(
            Path.of("/site"), HOST, 100_000_000, "", io.machineroom.domain.flow.RateSchedule.FREE, Optional.empty());

    SiteWorld() {
        saas.ensureStream(new StreamSpec(
                "MR_INTAKE",
                List.of(Subject.of("mr.>"), Subject.of("mu.>"), Subject.of("ms.>")),
                StreamSpec.Retention.WORK_QUEUE,
                100_000_000,
                Duration.ZERO,
                0,
                StreamSpec.Discard.NEW));
        saas.ensureBucket("CONFIG");
        saas.answer("site/certificate", this::sign);
        network.pin(HOST, SITE_PIN);
    }

    private byte[] sign(byte[] request) {
        String pem = ((Value.Obj) new SimJson().read(request)).text("request").orElseThrow();
        String chain = certificates.sign(Path.of("/ca"), pem, List.of(HOST), validity);
        return new SimJson().write(Value.obj("chain", Value.text(chain), "expires", Value.num(0)));
    }

    /** What the site's broker keeps. */
    SimStreams site() {
        return broker.store(Path.of("/site/nats"));
    }

    Site lead() {
        return lead("north");
    }

    /** Starts a leader; what ran before is stopped. */
    Site lead(String name) {
        stop();
        LinkKeeper links = new LinkKeeper(
                List.of(new Way("nats", SimTransport.nats(network, "leader"), leader("tls"))),
                LinkSettings.defaults(),
                tasks,
                tasks.time(),
                tasks.entropy(),
                meter);
        Site site = new Site(
                new SiteCharter(
                        "acme",
                        name,
                        HOST,
                        9222,
                        9223,
                        "operator",
                        "ASYS",
                        List.of(new Broker.Account("ASYS", "s"), new Broker.Account("ASITE", "a")),
                        Secret.of("user"),
                        Optional.empty()),
                new SiteMeans(broker, () -> certificates, files, settings, Optional.empty()),
                new Site.Outside(
                        links,
                        () -> SimTransport.https(network, "leader").connect(leader("https")),
                        SimTransport.nats(network, HOST)),
                new SimJson(),
                new SiteRuntime.Machine(tasks, tasks.time(), tasks.entropy(), meter));
        running.add(tasks.fork("link", links::run));
        site.services().forEach(s -> running.add(tasks.fork(s.name(), s::run)));
        return site;
    }

    void stop() {
        running.forEach(Tasks.Task::cancel);
        tasks.settle();
        running.clear();
    }

    static Endpoint leader(String scheme) {
        return endpoint(scheme + "://saas:4222", "ULEADER", TrustPolicy.system());
    }

    static Endpoint endpoint(String url, String nkey, TrustPolicy trust) {
        return new Endpoint(
                List.of(URI.create(url)),
                trust,
                new Endpoint.Credentials.Node("n1", nkey, Secret.of("jwt"), KeyRole.NATS_USER, KeyRole.IDENTITY),
                "n1",
                Duration.ofSeconds(5));
    }

    /** A link of a node of the site. */
    Link follower(String nkey) throws InterruptedException {
        return SimTransport.nats(network, "node-" + nkey)
                .connect(endpoint("tls://" + HOST + ":9222", nkey, new TrustPolicy(List.of(SITE_PIN), 0)));
    }

    /** Hands a batch to the site in the name of a node. */
    void hand(String nkey, List<Delivery> batch, int resend) {
        tasks.run(() -> {
            try (Link link = follower(nkey)) {
                link.sink().append(batch, resend);
            }
        });
    }

    /** Ids of what arrived at the SaaS for a node, in order. */
    List<String> arrived(String site, String nkey) {
        String prefix = "ms." + site + "." + nkey + ".";
        return saas.messages("MR_INTAKE").stream()
                .filter(m -> m.subject().text().startsWith(prefix))
                .map(Message::id)
                .toList();
    }

    static List<String> ids(List<Delivery> batch) {
        return batch.stream().map(d -> d.message().id()).toList();
    }

    void until(String what, java.util.function.BooleanSupplier condition) {
        assertTrue(tasks.runUntil(condition, SOON), () -> what + " did not come about:\n" + tasks.dump());
    }

    /** For conditions that themselves ask the world. */
    void eventually(String what, java.util.function.BooleanSupplier condition) {
        for (int i = 0; i < 200; i++) {
            if (condition.getAsBoolean()) {
                return;
            }
            tasks.advance(Duration.ofMillis(500));
        }
        throw new AssertionError(what + " did not come about:\n" + tasks.dump());
    }

    /** The line to the SaaS is gone, and whoever used it sees that. */
    void cutLine(Site site) {
        network.cut("leader", "saas");
        network.restart("saas");
        until("a line that is down", () -> !site.state().uplink());
    }

    void up(Site site) {
        until("a site that is up", () -> site.state().linked() && site.state().uplink());
        tasks.advance(Duration.ofSeconds(2));
    }

    /** A value of a bucket as its owner sees it. */
    Optional<String> value(String host, String key) {
        AtomicReference<Optional<String>> out = new AtomicReference<>(Optional.empty());
        tasks.run(() -> {
            try (Link link = owner(host)) {
                out.set(link.bucket("CONFIG").get(key).map(SiteWorld::text));
            }
        });
        return out.get();
    }

    void put(String host, String key, String value) {
        tasks.run(() -> {
            try (Link link = owner(host)) {
                link.bucket("CONFIG").put(key, value.getBytes(StandardCharsets.UTF_8));
            }
        });
    }

    void delete(String host, String key) {
        tasks.run(() -> {
            try (Link link = owner(host)) {
                link.bucket("CONFIG").delete(key);
            }
        });
    }

    private static String text(Bucket.Entry entry) {
        return new String(entry.value(), StandardCharsets.UTF_8);
    }

    Link owner(String host) throws InterruptedException {
        return SimTransport.nats(network, "owner")
                .connect(new Endpoint(
                        List.of(URI.create("tls://" + host + ":1")),
                        host.equals(HOST) ? new TrustPolicy(List.of(SITE_PIN), 0) : TrustPolicy.system(),
                        new Endpoint.Credentials.NatsUser(
                                Secret.of("jwt"), new KeyRole("owner", KeyRole.Form.NKEY_USER)),
                        "owner",
                        Duration.ofSeconds(5)));
    }

    /** A receipt of the backplane for a node of the site. */
    void receipt(String site, String nkey, long through, String store) {
        String text = "mr-receipt-2 " + nkey + " " + normal.epoch().wire() + " normal " + through + " " + store + " 1";
        Value document = Value.obj("text", Value.text(text), "signature", Value.text("ab".repeat(64)));
        saas.publish(new Message(
                Subject.of("machine_room.site_receipt." + site + "." + nkey),
                "",
                Map.of(),
                ByteBuffer.wrap(new SimJson().write(document)),
                tasks.time().wall()));
    }
}

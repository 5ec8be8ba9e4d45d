package io.machineroom.domain.backplane;

import static io.machineroom.domain.backplane.IngestWorld.NODE;
import static io.machineroom.domain.backplane.IngestWorld.epoch;
import static io.machineroom.domain.backplane.IngestWorld.event;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.data.Secret;
import io.machineroom.ports.security.TrustPolicy;
import io.machineroom.ports.sim.SimEventLog;
import io.machineroom.ports.sim.SimEvents;
import io.machineroom.ports.sim.SimFiles;
import io.machineroom.ports.sim.SimJson;
import io.machineroom.ports.sim.SimNetwork;
import io.machineroom.ports.sim.SimStorage;
import io.machineroom.ports.sim.SimStreams;
import io.machineroom.ports.sim.SimTasks;
import io.machineroom.ports.sim.SimTransport;
import io.machineroom.ports.spool.SpoolProvider;
import io.machineroom.ports.store.EventLog;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.Subject;
import io.machineroom.ports.transport.Endpoint;
import io.machineroom.ports.transport.Link;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A broker, a log and what fills the vendor's streams from it. */
abstract class VendorStreamsWorld {
    final SimTasks tasks = new SimTasks(23);
    final SimStorage disk = new SimStorage(tasks::await);
    final EventLog log =
            SimEventLog.open(disk, new SpoolProvider.LogSettings(Path.of("/log"), 8 << 20, 0), tasks.entropy());
    final SimNetwork network = new SimNetwork(tasks);
    final SimStreams broker = network.serve("broker");
    final SimFiles files = SimFiles.fresh(tasks);
    long stored;

    VendorStreams start() {
        SimJson json = new SimJson();
        EventDecoder decoder = new EventDecoder(List.of(new SimEvents()), json);
        VendorStreams streams = new VendorStreams(log, files, json, decoder, tasks.time());
        streams.load();
        tasks.fork("vendor-streams", () -> {
            try (Link link = SimTransport.nats(network, "backplane").connect(endpoint())) {
                streams.over(link);
            }
        });
        return streams;
    }

    static Endpoint endpoint() {
        return new Endpoint(
                List.of(URI.create("nats://broker:4222")),
                TrustPolicy.system(),
                new Endpoint.Credentials.NatsCredsFile(Secret.of("creds")),
                "backplane",
                Duration.ofSeconds(5));
    }

    static Message message(String subject, String id, byte[] body) {
        return new Message(
                Subject.of(subject),
                id,
                Map.of(Message.CONTENT_TYPE, "application/cloudevents+json"),
                ByteBuffer.wrap(body),
                SimTasks.START);
    }

    void store(String identity, long number, Message message) {
        EventLog.Entry entry = new EventLog.Entry(
                "acme",
                "",
                identity,
                NODE.nodeKey(),
                event(NODE, epoch(1), null, number, message.id()).stamp(),
                message,
                SimTasks.START);
        tasks.run(() -> log.append(List.of(entry)));
        stored++;
    }

    void store(long number, String id) {
        store("n1", number, message("choria.machine.transition", id, new byte[] {'{', '}'}));
    }

    List<String> ids(String stream) {
        List<String> out = new ArrayList<>();
        for (Message message : broker.messages(stream)) {
            String id = message.headers().getOrDefault("Mr-Id", "");
            out.add(id.substring(id.lastIndexOf('.') + 1));
        }
        return out;
    }

    void written(VendorStreams streams) {
        assertTrue(tasks.runUntil(() -> streams.position() == stored, Duration.ofSeconds(30)), () -> tasks.dump());
        assertTrue(tasks.failures().isEmpty(), () -> tasks.failures().toString());
    }

    void lostConnection(VendorStreams of) {
        network.cut("backplane", "broker");
        tasks.advance(Duration.ofSeconds(60));
        network.heal();
        tasks.settle();
        assertTrue(of.position() <= stored);
    }

    void writtenAgain(VendorStreams streams) {
        assertTrue(tasks.runUntil(() -> streams.position() == stored, Duration.ofSeconds(30)), () -> tasks.dump());
        tasks.advance(Duration.ofSeconds(5));
    }
}

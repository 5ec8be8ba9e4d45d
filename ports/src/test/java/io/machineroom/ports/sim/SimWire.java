package io.machineroom.ports.sim;

import io.machineroom.ports.data.Secret;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.security.KeyRole;
import io.machineroom.ports.security.TrustPolicy;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.SignedMark;
import io.machineroom.ports.stream.Subject;
import io.machineroom.ports.transport.Endpoint;
import io.machineroom.ports.transport.Link;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A small simulated world with one server at {@code saas}, for tests: a node, a backplane, their links. */
public final class SimWire {
    /** Public nkey of the node. */
    public static final String NODE = "UNODE";

    public static final String SERVER = "saas";

    private final SimTasks sim;
    private final SimNetwork network;
    private final SimStreams streams;

    public SimWire(SimTasks sim) {
        this.sim = sim;
        network = new SimNetwork(sim);
        streams = network.serve(SERVER).withIntake(100_000_000);
        streams.ensureBucket("CONFIG");
    }

    public SimTasks sim() {
        return sim;
    }

    public SimNetwork network() {
        return network;
    }

    /** What stands at the server. */
    public SimStreams streams() {
        return streams;
    }

    public Endpoint node() {
        return endpoint(
                "node",
                new Endpoint.Credentials.Node("n1", NODE, Secret.of("jwt"), KeyRole.NATS_USER, KeyRole.IDENTITY));
    }

    public Endpoint backplane() {
        return endpoint(
                "backplane",
                new Endpoint.Credentials.NatsUser(Secret.of("jwt"), new KeyRole("backplane", KeyRole.Form.NKEY_USER)));
    }

    private static Endpoint endpoint(String name, Endpoint.Credentials credentials) {
        return new Endpoint(
                List.of(URI.create("tls://" + SERVER + ":4222")),
                TrustPolicy.system(),
                credentials,
                name,
                Duration.ofSeconds(5));
    }

    /** A fresh link of the node at host {@code node}. */
    public Link nodeLink() throws InterruptedException {
        return SimTransport.nats(network, "node").connect(node());
    }

    /** A fresh link of the backplane at host {@code backplane}. */
    public Link backplaneLink() throws InterruptedException {
        return SimTransport.nats(network, "backplane").connect(backplane());
    }

    /** Publishes a receipt to the node as a backplane does. */
    public void receipt(SignedMark mark) {
        Value document = Value.obj("text", Value.text(mark.text()), "signature", Value.text(mark.signature()));
        streams.publish(new Message(
                Subject.of("machine_room.receipt." + NODE),
                "",
                Map.of(Message.CONTENT_TYPE, "application/json"),
                ByteBuffer.wrap(new SimJson().write(document)),
                sim.time().wall()));
    }
}

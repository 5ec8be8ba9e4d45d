package io.machineroom.nats;

import io.machineroom.ports.contract.LinkContract;
import io.machineroom.ports.contract.LiveRuntime;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.sim.SimJson;
import io.machineroom.ports.stream.Intake;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.SignedMark;
import io.machineroom.ports.stream.Subject;
import io.machineroom.ports.transport.Link;
import io.nats.client.Connection;
import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

final class NatsLinkIT extends LinkContract {
    private TestSaas saas;
    private Link backplane;
    private Connection service;

    @BeforeEach
    void start() throws InterruptedException {
        saas = TestSaas.start();
        backplane = saas.connect(saas.backplane(TestSaas.ACME));
        service = saas.raw(TestSaas.ACME);
    }

    @AfterEach
    void stop() throws InterruptedException {
        if (saas != null) {
            service.close();
            saas.close();
        }
    }

    @Override
    protected Link link() throws InterruptedException {
        return saas.transport().connect(saas.backplane(TestSaas.ACME));
    }

    @Override
    protected Set<Ability> can() {
        return Set.of(Ability.MESSAGES, Ability.STREAMS);
    }

    @Override
    protected void answer(String name, byte[] answer) throws InterruptedException {
        service.createDispatcher(m -> service.publish(m.getReplyTo(), answer)).subscribe(name);
        TestSaas.flush(service);
    }

    @Override
    protected @Nullable String refusedRequest() throws InterruptedException {
        Headers headers = new Headers().put("Mr-Code", "enrol.refused").put("Mr-Detail", "no");
        service.createDispatcher(m -> service.publish(new NatsMessage(m.getReplyTo(), null, headers, new byte[0])))
                .subscribe("refusing");
        TestSaas.flush(service);
        return "refusing";
    }

    @Override
    protected void sendReceipt(SignedMark mark) {
        Value document = Value.obj("text", Value.text(mark.text()), "signature", Value.text(mark.signature()));
        String node = saas.nkey(saas.nodeKey("n1"));
        backplane.publish(new Message(
                Subject.of("machine_room.receipt." + node),
                "",
                Map.of("Content-Type", "application/json"),
                ByteBuffer.wrap(new SimJson().write(document)),
                Instant.EPOCH));
    }

    @Override
    protected Link receiver() throws InterruptedException {
        return saas.transport().connect(saas.node(TestSaas.ACME, "n1"));
    }

    @Override
    protected void cut() throws InterruptedException {
        saas.stop();
    }

    @Override
    protected Tasks tasks() {
        return new LiveRuntime();
    }

    @Override
    protected List<Message> stored(String stream) throws InterruptedException {
        List<Message> out = new ArrayList<>();
        try (Link link = link();
                Intake reader = link.intake(stream, "reader")) {
            List<Intake.Arrival> arrivals = reader.read(500, Duration.ofSeconds(1));
            arrivals.forEach(a -> out.add(a.message()));
            reader.settle(arrivals);
        }
        return out;
    }
}

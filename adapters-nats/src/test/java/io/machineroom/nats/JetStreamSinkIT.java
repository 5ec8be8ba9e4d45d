package io.machineroom.nats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.machineroom.ports.PortException;
import io.machineroom.ports.contract.Deliveries;
import io.machineroom.ports.contract.SinkContract;
import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.Intake;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.Sink;
import io.machineroom.ports.stream.Stamp;
import io.machineroom.ports.transport.Link;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class JetStreamSinkIT extends SinkContract {
    private TestSaas saas;
    private Link backplane;
    private Intake intake;
    private final List<Taken> taken = new ArrayList<>();

    @BeforeEach
    void start() throws InterruptedException {
        saas = TestSaas.start();
        backplane = saas.connect(saas.backplane(TestSaas.ACME));
        backplane.ensureStream(TestSaas.intakeSpec(50_000_000));
        intake = backplane.intake("MR_INTAKE", "ingest");
    }

    @AfterEach
    void stop() throws InterruptedException {
        if (saas != null) {
            saas.close();
        }
    }

    @Override
    protected Sink sink() throws InterruptedException {
        return saas.connect(saas.node(TestSaas.ACME, "n1")).sink();
    }

    @Override
    protected List<Taken> taken() throws InterruptedException {
        List<Intake.Arrival> arrivals = intake.read(500, Duration.ofMillis(300));
        while (!arrivals.isEmpty()) {
            arrivals.forEach(a -> taken.add(taken(a.message())));
            intake.settle(arrivals);
            arrivals = intake.read(500, Duration.ofMillis(300));
        }
        return List.copyOf(taken);
    }

    private Taken taken(Message message) {
        Stamp stamp = Stamp.ofHeaders(message.headers());
        String prefix = (stamp.lane() == Lane.URGENT ? "mu." : "mr.") + saas.nkey(saas.nodeKey("n1"));
        return new Taken(
                message.subject().without(prefix).text(),
                message.id(),
                stamp,
                message.contentType(),
                message.bytes(),
                message.created());
    }

    @Override
    protected void cut() throws InterruptedException {
        saas.stop();
    }

    @Override
    protected boolean fill() {
        backplane.ensureStream(TestSaas.intakeSpec(100));
        return true;
    }

    @Test
    void refusesAnIdThatNatsCannotCarryAndTakesWhatIsBeforeIt() throws InterruptedException {
        Sink sink = sink();
        Deliveries make = new Deliveries("odd", Lane.NORMAL);
        Delivery good = make.message();
        Delivery next = make.message();
        Message m = next.message();
        Message named = new Message(m.subject(), "r\u00e4ume", m.headers(), m.body(), m.created());
        Delivery odd = new Delivery(next.position(), next.stamp(), named, 1);
        assertEquals(1, sink.append(List.of(good, odd), 0).accepted());
        PortException.Refused refused =
                assertThrows(PortException.Refused.class, () -> sink.append(List.of(odd, make.message()), 0));
        assertEquals("sink.header", refused.code());
    }

    /** Nothing that comes before its stream is made is taken for stored, so that the node keeps it and sends it again. */
    @Test
    void streamsW11WhatComesBeforeItsStreamIsThereIsNotLost() throws InterruptedException {
        Link globex = saas.connect(saas.backplane(TestSaas.GLOBEX));
        Sink early = saas.connect(saas.node(TestSaas.GLOBEX, "early")).sink();
        List<Delivery> batch = new Deliveries("early", Lane.NORMAL).messages(3);
        PortException.Unavailable fault = assertThrows(PortException.Unavailable.class, () -> early.append(batch, 0));
        assertEquals("sink.no-stream", fault.code());
        globex.ensureStream(TestSaas.intakeSpec(50_000_000));
        assertEquals(3, early.append(batch, 0).accepted());
        try (Intake theirs = globex.intake("MR_INTAKE", "ingest")) {
            assertEquals(3, theirs.read(10, Duration.ofSeconds(5)).size());
        }
    }
}

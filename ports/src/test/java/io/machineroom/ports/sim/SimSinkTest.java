package io.machineroom.ports.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.machineroom.ports.contract.Deliveries;
import io.machineroom.ports.contract.SinkContract;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.Sink;
import io.machineroom.ports.stream.Stamp;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SimSinkTest extends SinkContract {
    private final SimWire wire = new SimWire(new SimTasks(3));

    @Override
    protected void within(Tasks.Body body) {
        wire.sim().run(body);
    }

    @Override
    protected Sink sink() throws InterruptedException {
        return wire.nodeLink().sink();
    }

    @Override
    protected List<Taken> taken() {
        return wire.streams().messages("MR_INTAKE").stream()
                .map(SimSinkTest::taken)
                .toList();
    }

    private static Taken taken(Message message) {
        Stamp stamp = Stamp.ofHeaders(message.headers());
        String prefix = stamp.lane() == Lane.URGENT ? "mu." : "mr.";
        return new Taken(
                message.subject().without(prefix + SimWire.NODE).text(),
                message.id(),
                stamp,
                message.contentType(),
                message.bytes(),
                message.created());
    }

    @Override
    protected void cut() {
        wire.network().cut("node", SimWire.SERVER);
    }

    @Override
    protected boolean fill() {
        wire.streams().withIntake(10);
        return true;
    }

    @Override
    protected boolean loseAnswers() {
        wire.network().loseAnswers(1);
        return true;
    }

    @Test
    void forgetsIdsAfterTheDuplicateWindow() {
        wire.streams().duplicateWindow(Duration.ofSeconds(30));
        within(() -> {
            Sink sink = sink();
            List<Delivery> batch = new Deliveries("window", Lane.NORMAL).messages(2);
            sink.append(batch, 0);
            assertEquals(2, sink.append(batch, 0).duplicates());
            wire.sim().sleep(Duration.ofSeconds(31));
            assertEquals(0, sink.append(batch, 0).duplicates());
            assertEquals(4, wire.streams().messages("MR_INTAKE").size());
        });
    }
}

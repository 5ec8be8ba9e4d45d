package io.machineroom.ports.sim;

import io.machineroom.ports.contract.SiteSinkContract;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.SiteSink;
import io.machineroom.ports.stream.StreamSpec;
import io.machineroom.ports.stream.Subject;
import java.time.Duration;
import java.util.List;

final class SimSiteSinkTest extends SiteSinkContract {
    private final SimWire wire = new SimWire(new SimTasks(3));

    SimSiteSinkTest() {
        wire.streams()
                .ensureStream(new StreamSpec(
                        "MR_INTAKE",
                        List.of(Subject.of("mr.>"), Subject.of("mu.>"), Subject.of("ms.>")),
                        StreamSpec.Retention.WORK_QUEUE,
                        100_000_000,
                        Duration.ZERO,
                        0,
                        StreamSpec.Discard.NEW));
    }

    @Override
    protected void within(Tasks.Body body) {
        wire.sim().run(body);
    }

    @Override
    protected SiteSink sink() throws InterruptedException {
        return wire.nodeLink().siteSink("north");
    }

    @Override
    protected List<Message> taken() {
        return wire.streams().messages("MR_INTAKE");
    }
}

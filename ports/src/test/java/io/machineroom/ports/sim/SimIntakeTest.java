package io.machineroom.ports.sim;

import io.machineroom.ports.contract.IntakeContract;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.stream.Intake;
import io.machineroom.ports.stream.Message;
import java.time.Duration;
import java.util.List;

final class SimIntakeTest extends IntakeContract {
    private final SimWire wire = new SimWire(new SimTasks(9));

    SimIntakeTest() {
        wire.streams().ackWait(Duration.ofSeconds(2));
    }

    @Override
    protected void within(Tasks.Body body) {
        wire.sim().run(body);
    }

    @Override
    protected Intake intake() throws InterruptedException {
        return wire.backplaneLink().intake("MR_INTAKE", "ingest");
    }

    @Override
    protected void publish(List<Message> messages) throws InterruptedException {
        wire.backplaneLink().store(messages);
    }

    @Override
    protected long held() {
        return wire.streams().messages("MR_INTAKE").size();
    }
}

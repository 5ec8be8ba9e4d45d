package io.machineroom.nats;

import io.machineroom.ports.contract.IntakeContract;
import io.machineroom.ports.stream.Intake;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.transport.Link;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

final class JetStreamIntakeIT extends IntakeContract {
    private TestSaas saas;
    private Link backplane;
    private Connection raw;

    @BeforeEach
    void start() throws InterruptedException {
        saas = TestSaas.start();
        backplane = saas.connect(saas.backplane(TestSaas.ACME));
        backplane.ensureStream(TestSaas.intakeSpec(50_000_000));
        raw = saas.raw(TestSaas.ACME);
    }

    @AfterEach
    void stop() throws InterruptedException {
        if (saas != null) {
            raw.close();
            saas.close();
        }
    }

    @Override
    protected Intake intake() throws InterruptedException {
        return saas.connect(saas.backplane(TestSaas.ACME)).intake("MR_INTAKE", "ingest");
    }

    @Override
    protected void publish(List<Message> messages) throws InterruptedException {
        backplane.store(messages);
    }

    @Override
    protected long held() {
        try {
            return raw.jetStreamManagement()
                    .getStreamInfo("MR_INTAKE")
                    .getStreamState()
                    .getMsgCount();
        } catch (IOException | JetStreamApiException e) {
            throw new IllegalStateException(e);
        }
    }
}

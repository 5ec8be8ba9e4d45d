package io.machineroom.http;

import io.machineroom.ports.PortException;
import io.machineroom.ports.contract.SinkContract;
import io.machineroom.ports.stream.Sink;
import io.machineroom.ports.transport.Link;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class HttpSinkContractTest extends SinkContract {
    private TestTls tls;
    private World world;
    private Optional<Link> link = Optional.empty();

    @BeforeAll
    void makeCertificate() {
        tls = TestTls.fresh();
    }

    @BeforeEach
    void open() {
        world = new World(tls);
    }

    @AfterEach
    void close() {
        link.ifPresent(Link::close);
        world.close();
    }

    @Override
    protected Sink sink() throws InterruptedException {
        link.ifPresent(Link::close);
        link = Optional.of(world.connect());
        return link.get().sink();
    }

    @Override
    protected List<Taken> taken() {
        return world.backplane.taken();
    }

    @Override
    protected void cut() {
        world.gateway.close();
    }

    @Override
    protected boolean fill() {
        world.backplane.interfere(request -> {
            if (request.path().equals("/v1/events")) {
                throw new PortException.Unavailable("sink.full", "no room");
            }
            return Optional.empty();
        });
        return true;
    }
}

package io.machineroom.http;

import io.machineroom.ports.PortException;
import io.machineroom.ports.contract.Deliveries;
import io.machineroom.ports.contract.LinkContract;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.SignedMark;
import io.machineroom.ports.transport.Link;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class HttpLinkContractTest extends LinkContract {
    private final List<Link> links = new ArrayList<>();
    private TestTls tls;
    private World world;
    private int batches;

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
        links.forEach(Link::close);
        links.clear();
        world.close();
    }

    @Override
    protected Link link() throws InterruptedException {
        Link link = world.connect();
        links.add(link);
        return link;
    }

    @Override
    protected Set<Ability> can() {
        return Set.of();
    }

    @Override
    protected void answer(String name, byte[] answer) {
        world.backplane.answer(name, answer);
    }

    @Override
    protected String refusedRequest() {
        world.backplane.interfere(request -> {
            if (request.path().equals("/v1/enrol")) {
                throw new PortException.Refused("enrol.refused", "by the vendor");
            }
            return Optional.empty();
        });
        return "enrol";
    }

    /** Over HTTPS a receipt is in the answer to a batch. */
    @Override
    protected void sendReceipt(SignedMark mark) throws InterruptedException {
        world.backplane.receipt(mark);
        links.getLast().sink().append(new Deliveries("batch" + batches++, Lane.NORMAL).messages(1), 0);
    }

    @Override
    protected Link receiver() throws InterruptedException {
        return link();
    }

    @Override
    protected void cut() {
        world.gateway.close();
    }

    @Override
    protected Tasks tasks() {
        return world.runtime;
    }
}

package io.machineroom.ports.sim;

import io.machineroom.ports.contract.LinkContract;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.stream.SignedMark;
import io.machineroom.ports.transport.Endpoint;
import io.machineroom.ports.transport.Link;
import java.net.URI;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A way without messages and streams. */
final class SimHttpsLinkTest extends LinkContract {
    private final SimWire wire = new SimWire(new SimTasks(6));

    @Override
    protected void within(Tasks.Body body) {
        wire.sim().run(body);
    }

    @Override
    protected Link link() throws InterruptedException {
        Endpoint like = wire.node();
        return SimTransport.https(wire.network(), "node")
                .connect(new Endpoint(
                        List.of(URI.create("https://" + SimWire.SERVER)),
                        like.trust(),
                        like.credentials(),
                        like.clientName(),
                        like.connectTimeout()));
    }

    @Override
    protected Set<Ability> can() {
        return Set.of();
    }

    @Override
    protected void answer(String name, byte[] answer) {
        wire.streams().answer(name, _ -> answer);
    }

    @Override
    protected @Nullable String refusedRequest() {
        return null;
    }

    @Override
    protected void sendReceipt(SignedMark mark) {
        wire.receipt(mark);
    }

    @Override
    protected Link receiver() throws InterruptedException {
        return link();
    }

    @Override
    protected void cut() {
        wire.network().cut("node", SimWire.SERVER);
    }

    @Override
    protected Tasks tasks() {
        return wire.sim();
    }
}

package io.machineroom.ports.sim;

import io.machineroom.ports.PortException;
import io.machineroom.ports.contract.LinkContract;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.SignedMark;
import io.machineroom.ports.transport.Link;
import java.util.List;
import java.util.Set;

final class SimLinkTest extends LinkContract {
    private final SimWire wire = new SimWire(new SimTasks(5));

    @Override
    protected void within(Tasks.Body body) {
        wire.sim().run(body);
    }

    @Override
    protected Link link() throws InterruptedException {
        return wire.backplaneLink();
    }

    @Override
    protected Set<Ability> can() {
        return Set.of(Ability.MESSAGES, Ability.STREAMS);
    }

    @Override
    protected void answer(String name, byte[] answer) {
        wire.streams().answer(name, _ -> answer);
    }

    @Override
    protected String refusedRequest() {
        wire.streams().answer("refusing", _ -> {
            throw new PortException.Refused("enrol.refused", "no");
        });
        return "refusing";
    }

    @Override
    protected void sendReceipt(SignedMark mark) {
        wire.receipt(mark);
    }

    @Override
    protected Link receiver() throws InterruptedException {
        return wire.nodeLink();
    }

    @Override
    protected void cut() {
        wire.network().remove(SimWire.SERVER);
    }

    @Override
    protected Tasks tasks() {
        return wire.sim();
    }

    @Override
    protected List<Message> stored(String stream) {
        return wire.streams().messages(stream);
    }
}

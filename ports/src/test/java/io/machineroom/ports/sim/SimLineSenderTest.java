package io.machineroom.ports.sim;

import io.machineroom.ports.contract.LineSenderContract;
import io.machineroom.ports.host.LineSender;

final class SimLineSenderTest extends LineSenderContract {
    private final SimLineSender sender = new SimLineSender().listen("127.0.0.1", 2003);

    @Override
    protected LineSender sender() {
        return sender;
    }

    @Override
    protected int listening() {
        return 2003;
    }

    @Override
    protected int silent() {
        return 2004;
    }

    @Override
    protected String heard() {
        return sender.heard("127.0.0.1", 2003);
    }
}

package io.machineroom.domain.agent;

import io.machineroom.domain.flow.LinkSupply;
import io.machineroom.ports.PortException;
import io.machineroom.ports.kv.Slots;
import java.util.function.Supplier;

/**
 * The governors of the broker that a node is connected to now; a leader's links are those to its site's broker, so that it shares
 * them with its followers. Safe from any task; never waits.
 */
record SwitchingSlots(LinkSupply links) implements Supplier<Slots> {
    private static final String UNREACHABLE = "governor.unreachable";

    @Override
    public Slots get() {
        LinkSupply.Held held = links.current()
                .orElseThrow(() -> new PortException.Unavailable(UNREACHABLE, "no link to a broker is up"));
        try {
            return held.link().slots();
        } catch (PortException.Refused e) {
            // the link over HTTPS stands in until NATS can be reached again
            throw new PortException.Unavailable(
                    UNREACHABLE, "governors need NATS, and the link is over " + held.way(), e);
        }
    }
}

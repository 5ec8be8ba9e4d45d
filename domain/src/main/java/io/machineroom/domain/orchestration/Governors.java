package io.machineroom.domain.orchestration;

import io.machineroom.domain.event.Events;
import io.machineroom.domain.event.Outgoing;
import io.machineroom.ports.data.JsonFormat;
import java.util.function.Consumer;

/**
 * The governors as the machines of a node use them: what happens is told in Choria's life-cycle events. Safe from any task.
 *
 * @param events makes them
 * @param out takes them; never blocks
 * @param json the form that governor events have, whatever other events have
 */
public record Governors(Governor governor, Events events, Consumer<Outgoing> out, JsonFormat json) {
    /** As {@link Governor#within}, in the name of a machine, and told. */
    public <T> T within(String machine, Wish wish, Governor.Work<T> work) throws InterruptedException {
        return governor.within(wish, turn -> tell(machine, turn, events.identity()), work);
    }

    /**
     * Tells what happened.
     *
     * @param component machine, or what else asked
     * @param identity who held the slot
     */
    public void tell(String component, Turn turn, String identity) {
        Outgoing event = events.governor(
                component, new Events.GovernorRef(turn.governor(), turn.kind().word(), turn.slot()), identity);
        out.accept(event.plainly(json.write(event.event().data())));
    }
}

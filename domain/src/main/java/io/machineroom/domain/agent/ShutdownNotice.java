package io.machineroom.domain.agent;

import io.machineroom.domain.event.Events;
import io.machineroom.domain.event.Outgoing;
import io.machineroom.domain.supervision.Service;
import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.runtime.Tasks;
import java.util.function.Consumer;

/** Publishes the shutdown event when its turn to stop comes: after the machines, before the outbox. */
final class ShutdownNotice implements Service {
    private final Events events;
    private final Consumer<Outgoing> out;
    private final Mailbox<String> asked;

    ShutdownNotice(Events events, Consumer<Outgoing> out, Tasks tasks) {
        this.events = events;
        this.out = out;
        this.asked = tasks.mailbox(1);
    }

    @Override
    public String name() {
        return "shutdown-notice";
    }

    @Override
    public void run() throws InterruptedException {
        asked.take();
        out.accept(events.shutdown());
    }

    @Override
    public boolean finish() {
        asked.offer("now");
        return true;
    }
}

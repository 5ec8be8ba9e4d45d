package io.machineroom.domain.agent;

import io.machineroom.domain.flow.LinkSupply;
import io.machineroom.domain.watcher.CoreMessages;
import io.machineroom.ports.PortException;
import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.Subject;
import io.machineroom.ports.transport.Link;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;

/** Core messages over whichever link is up; who listens goes along when the link changes. Safe from any task. */
record SwitchingMessages(LinkSupply links, Tasks tasks) implements CoreMessages {
    private static final System.Logger LOG = System.getLogger(SwitchingMessages.class.getName());
    private static final Duration LOOK = Duration.ofSeconds(1);

    @Override
    public void publish(Message message) {
        links.current()
                .orElseThrow(() -> new PortException.Unavailable("link.down", "no link is up"))
                .link()
                .publish(message);
    }

    @Override
    public Link.Subscription subscribe(Subject pattern, Mailbox<Message> into) {
        Tasks.Task follower = tasks.fork("hear-" + pattern.text(), () -> follow(pattern, into));
        return follower::cancel;
    }

    private void follow(Subject pattern, Mailbox<Message> into) throws InterruptedException {
        long tried = 0;
        while (true) {
            Optional<LinkSupply.Held> held = links.current();
            if (held.isPresent() && held.get().generation() != tried) {
                tried = held.get().generation();
                hear(held.get(), pattern, into);
            }
            tasks.sleep(LOOK);
        }
    }

    private void hear(LinkSupply.Held held, Subject pattern, Mailbox<Message> into) throws InterruptedException {
        try (Link.Subscription hearing = held.link().subscribe(pattern, into)) {
            while (links.current().map(h -> h.generation() == held.generation()).orElse(false)) {
                tasks.sleep(LOOK);
            }
            LOG.log(Level.DEBUG, "{0} moves to the next link", hearing);
        } catch (PortException e) {
            LOG.log(Level.DEBUG, "{0} is not heard over {1}: {2}", pattern.text(), held.way(), e.code());
        }
    }
}

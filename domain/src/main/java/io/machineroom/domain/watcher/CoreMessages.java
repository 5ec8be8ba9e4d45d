package io.machineroom.domain.watcher;

import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.Subject;
import io.machineroom.ports.transport.Link;

/**
 * Messages that nobody keeps, over whichever link is up. Safe from any task; never waits for the other side. Who may
 * say and hear what is up to the broker, which does not answer when it refuses.
 *
 * <p>Errors: {@code Unavailable("link.down")} while no link is up, {@code Refused("link.unsupported")} over HTTPS, which
 * has no such messages.
 */
public interface CoreMessages {
    /** Publishes one message, at most once. */
    void publish(Message message);

    /** Hears what is published to a subject from now on, over later links as well; a full mailbox drops the newest. */
    Link.Subscription subscribe(Subject pattern, Mailbox<Message> into);
}

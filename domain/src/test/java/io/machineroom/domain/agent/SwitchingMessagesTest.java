package io.machineroom.domain.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.machineroom.domain.flow.LinkSupply;
import io.machineroom.ports.PortException;
import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.sim.SimTasks;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.Subject;
import io.machineroom.ports.transport.Link;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Messages go over the link that is up now, and who listens goes along. */
final class SwitchingMessagesTest {
    private static final Subject SUBJECT = Subject.of("a.b");

    private final SimTasks tasks = new SimTasks(3);
    private final List<String> done = new ArrayList<>();
    private Optional<LinkSupply.Held> held = Optional.empty();
    private final SwitchingMessages messages = new SwitchingMessages(
            new LinkSupply() {
                @Override
                public Optional<Held> current() {
                    return held;
                }

                @Override
                public void report(Held of, boolean worked) {}

                @Override
                public void release(Held of) {}
            },
            tasks);

    /** A link that can speak and listen only; over HTTPS it cannot even that. */
    private void up(long generation, boolean https) {
        Link link = (Link) Proxy.newProxyInstance(
                Link.class.getClassLoader(), new Class<?>[] {Link.class}, (proxy, method, arguments) -> {
                    if (https) {
                        throw new PortException.Refused("link.unsupported", "not over HTTPS");
                    }
                    done.add(method.getName() + " " + generation);
                    return method.getName().equals("subscribe")
                            ? (Link.Subscription) () -> done.add("end " + generation)
                            : null;
                });
        held = Optional.of(new LinkSupply.Held(generation, "nats", link));
    }

    private Message message() {
        return new Message(
                SUBJECT, "1", Map.of(), ByteBuffer.allocate(0), tasks.time().wall());
    }

    @Test
    void speaksOverTheLinkThatIsUp() {
        assertEquals(
                "link.down",
                assertThrows(PortException.Unavailable.class, () -> messages.publish(message()))
                        .code());
        up(1, false);
        messages.publish(message());
        assertEquals(List.of("publish 1"), done);
        up(2, true);
        assertEquals(
                "link.unsupported",
                assertThrows(PortException.Refused.class, () -> messages.publish(message()))
                        .code());
    }

    @Test
    void listensOverEachLinkInTurn() {
        Mailbox<Message> into = tasks.mailbox(4);
        Link.Subscription hearing = messages.subscribe(SUBJECT, into);
        tasks.advance(Duration.ofSeconds(5));
        assertEquals(List.of(), done);
        up(1, false);
        tasks.advance(Duration.ofSeconds(5));
        up(2, true);
        tasks.advance(Duration.ofSeconds(5));
        up(3, false);
        tasks.advance(Duration.ofSeconds(5));
        hearing.close();
        tasks.advance(Duration.ofSeconds(5));
        assertEquals(List.of("subscribe 1", "end 1", "subscribe 3", "end 3"), done);
        assertEquals(List.of(), tasks.failures());
    }
}

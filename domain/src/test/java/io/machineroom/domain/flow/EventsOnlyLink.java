package io.machineroom.domain.flow;

import io.machineroom.ports.PortException;
import io.machineroom.ports.kv.Bucket;
import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.stream.Intake;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.StreamSpec;
import io.machineroom.ports.stream.Subject;
import io.machineroom.ports.transport.Link;
import java.util.List;

/** A link that carries a node's events and requests, and refuses everything else. */
public interface EventsOnlyLink extends Link {
    @Override
    default Bucket bucket(String bucket) {
        throw unsupported();
    }

    @Override
    default void publish(Message message) {
        throw unsupported();
    }

    @Override
    default void store(List<Message> messages) {
        throw unsupported();
    }

    @Override
    default Subscription subscribe(Subject pattern, Mailbox<Message> into) {
        throw unsupported();
    }

    @Override
    default long ensureStream(StreamSpec spec, int replicas) {
        throw unsupported();
    }

    @Override
    default void ensureBucket(String bucket, int replicas) {
        throw unsupported();
    }

    @Override
    default Intake intake(String stream, String consumer) {
        throw unsupported();
    }

    private static PortException.Refused unsupported() {
        return new PortException.Refused("link.unsupported", "this way carries events only");
    }
}

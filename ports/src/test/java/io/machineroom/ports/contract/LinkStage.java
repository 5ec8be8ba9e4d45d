package io.machineroom.ports.contract;

import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.SignedMark;
import io.machineroom.ports.stream.StreamSpec;
import io.machineroom.ports.stream.Subject;
import io.machineroom.ports.transport.Link;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/** What {@link LinkContract} is played on: the two ends of a way, and what that way can do. */
public abstract class LinkStage {
    /** What a way may be unable to do. */
    public enum Ability {
        /** {@code publish} and {@code subscribe}. */
        MESSAGES,
        /** {@code store}, {@code ensureStream}, {@code ensureBucket}, {@code intake}. */
        STREAMS
    }

    static final Duration LONG = Duration.ofSeconds(30);

    /** A fresh link of somebody who may do all that this way can. */
    protected abstract Link link() throws InterruptedException;

    protected abstract Set<Ability> can();

    /** Answers requests of a name from now on. */
    protected abstract void answer(String name, byte[] answer) throws InterruptedException;

    /** The name of a request that the other side refuses with a code, with that code; null when there is none. */
    protected abstract @Nullable String refusedRequest() throws InterruptedException;

    /**
     * Sends a receipt to the node of {@link #receiver()} as this way does.
     */
    protected abstract void sendReceipt(SignedMark mark) throws InterruptedException;

    /** A link of a node; {@link #sendReceipt} reaches it. */
    protected abstract Link receiver() throws InterruptedException;

    /** Takes the other side away for good. */
    protected abstract void cut() throws InterruptedException;

    protected abstract Tasks tasks();

    /** Runs a test body where waiting is allowed. */
    protected void within(Tasks.Body body) throws InterruptedException {
        body.run();
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static Message message(String subject, String id) {
        return new Message(
                Subject.of(subject),
                id,
                Map.of("Content-Type", "text/plain", "Mr-Identity", "n1"),
                ByteBuffer.wrap(bytes("body of " + id)),
                Instant.EPOCH);
    }

    protected static StreamSpec spec(String name, String subject) {
        return new StreamSpec(
                name,
                List.of(Subject.of(subject)),
                StreamSpec.Retention.LIMITS,
                10_000_000,
                Duration.ofHours(1),
                0,
                StreamSpec.Discard.OLD);
    }

    void needs(Ability ability) {
        Assumptions.assumeTrue(can().contains(ability), () -> "this way has no " + ability);
    }

    /** What a stream holds; asked only of ways that have streams. */
    protected List<Message> stored(String stream) throws InterruptedException {
        throw new IllegalStateException("no streams here: " + stream);
    }
}

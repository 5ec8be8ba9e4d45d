package io.machineroom.domain.flow;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.runtime.TimeSource;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.Subject;
import io.machineroom.ports.transport.Link;
import java.time.Duration;
import java.util.List;

/**
 * Hears what the leader of a site says of its line to the SaaS ({@code machine_room.site.uplink}). Who hears nothing for a while
 * takes the line to be up. One task.
 */
public final class UplinkEar {
    private static final Subject SUBJECT = Subject.of("machine_room.site.uplink");
    /** The leader speaks every ten seconds. */
    private static final long SILENCE_NANOS = Duration.ofSeconds(35).toNanos();

    private static final int MAX_BYTES = 4_096;

    private final JsonFormat json;
    private final TimeSource time;
    private final Mailbox<Message> words;
    private boolean down;
    private long heardAt;

    public UplinkEar(JsonFormat json, Tasks tasks, TimeSource time) {
        this.json = json;
        this.time = time;
        this.words = tasks.mailbox(16);
    }

    /** Listens over a new link; what was heard over another does not count any more. */
    void listen(Link link) {
        down = false;
        words.drain(16);
        try {
            var _ = link.subscribe(SUBJECT, words);
        } catch (PortException.Refused noMessages) {
            // over HTTPS the leader's gateway answers for itself
            down = false;
        }
    }

    /** Whether the line is down, by the newest word. */
    boolean isDown() {
        List<Message> heard = words.drain(16);
        if (!heard.isEmpty()) {
            down = saysDown(heard.getLast());
            heardAt = time.ticks();
        }
        return down && time.ticks() - heardAt < SILENCE_NANOS;
    }

    private boolean saysDown(Message word) {
        try {
            return json.read(word.bytes(), MAX_BYTES) instanceof Value.Obj object
                    && object.bool("up").filter(up -> !up).isPresent();
        } catch (PortException.Refused noJson) {
            return false;
        }
    }
}

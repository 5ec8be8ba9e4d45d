package io.machineroom.domain.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.machineroom.ports.PortException;
import io.machineroom.ports.kv.Slots.Rules;
import io.machineroom.ports.stream.StreamSpec;
import io.machineroom.ports.stream.Subject;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The leader of a site opens the governors at its broker that somebody left closed. */
final class SiteGovernorsTest extends SiteWorld {
    private void leftClosed() {
        site().governors().ensure(new Rules("BACKUP", 1, Duration.ofMinutes(10), 1));
        site().governors().leaveClosed("BACKUP", "killed");
        assertThrows(PortException.Unavailable.class, () -> site().governors().enterAs("BACKUP", "n1"));
    }

    private boolean opened() {
        return meter.counter("mr_governors_opened_total") == 1;
    }

    @Test
    void streamsW51OpensWhatAKilledCommandLeft() {
        leftClosed();
        up(lead());
        until("an open governor", this::opened);
        assertEquals(1, site().governors().enterAs("BACKUP", "n1"));
        assertEquals(1, site().governors().view("BACKUP").size());
    }

    /** Each part of the site by itself: a stream that cannot be made keeps nobody waiting for a slot. */
    @Test
    void alsoWhileAStreamCannotBeMade() {
        site().ensureStream(new StreamSpec(
                "MR_INTAKE",
                List.of(Subject.of("mr.>")),
                StreamSpec.Retention.LIMITS,
                0,
                Duration.ZERO,
                0,
                StreamSpec.Discard.OLD));
        leftClosed();
        up(lead());
        until("an open governor", this::opened);
    }
}

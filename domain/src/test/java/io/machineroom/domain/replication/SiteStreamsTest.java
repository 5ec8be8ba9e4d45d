package io.machineroom.domain.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.stream.StreamSpec;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How the streams of a site are made. */
final class SiteStreamsTest {
    /** The original's have no bound but a day; a full disk stops the broker, and what is older is gone without a word. */
    @Test
    void streamsW36EachStreamOfASiteIsBoundedAndRefusesInsteadOfForgetting() {
        for (StreamSpec spec : SiteStreams.intakes(1L << 30, 1)) {
            assertTrue(spec.maxBytes() > 0 && spec.maxBytes() <= 1L << 30, spec::toString);
            assertEquals(StreamSpec.Discard.NEW, spec.discard(), spec::toString);
            assertEquals(Duration.ZERO, spec.maxAge(), spec::toString);
        }
    }
}

package io.machineroom.domain.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class CertificateKeeperTest extends SiteWorld {
    /** Found by the simulation, sites seed 14: the leader asked without a pause, and its broker was started anew each time. */
    @Test
    void asksOnceAnHourWhenEveryCertificateIsDueAtOnceByItsClock() {
        validity = Duration.ofDays(1);
        up(lead());
        assertEquals(1, certificates.signed);
        tasks.advance(Duration.ofMinutes(58));
        assertEquals(1, certificates.signed);
        tasks.advance(Duration.ofHours(10));
        assertTrue(certificates.signed >= 10 && certificates.signed <= 12, certificates.signed + " were signed");
    }

    @Test
    void asksWithItsNextLookWhenTheOneThatWasGivenIsGone() {
        up(lead());
        files.delete("tls/server.pem");
        tasks.advance(Duration.ofMinutes(12));
        assertEquals(2, certificates.signed);
    }
}

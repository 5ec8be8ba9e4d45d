package io.machineroom.domain.watcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.domain.watcher.CheckResult.Status;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** The status document is looked at; the clock stands at 2026-01-01T00:00:00Z. */
final class StatusCheckTest {
    private final Bench bench = new Bench();
    private final CheckDisk disk = new CheckDisk(bench);
    private final Instant now = bench.time().wall();

    private CheckResult look(Duration certificate, Duration token) {
        return new StatusCheck(Duration.ofHours(1), certificate, token).look(bench);
    }

    private CheckResult look() {
        return look(Duration.ZERO, Duration.ZERO);
    }

    private void status(Instant last, long uptime, String more) {
        disk.put(
                "/status.json",
                "{\"uptime\":" + uptime + ",\"connected_server\":\"nats://b\",\"last_message\":"
                        + last.getEpochSecond() + ",\"stats\":{\"total\":1,\"valid\":2,\"invalid\":3,\"passed\":4,"
                        + "\"filtered\":5,\"replies\":6,\"ttlexpired\":7,\"events\":8}" + more + "}");
    }

    @Test
    void b112AnAbsentFileIsCritical() {
        CheckResult result = look();
        assertEquals(Status.CRITICAL, result.status());
        assertEquals("Status file error: there is no readable /status.json", result.output());
        disk.put("/status.json", "{nonsense");
        assertTrue(look().output().startsWith("Status file error: "));
    }

    @Test
    void b114AnOldMessageIsCritical() {
        status(now.minusSeconds(4900), 1000, "");
        CheckResult result = look();
        assertEquals(Status.CRITICAL, result.status());
        assertTrue(
                result.output().startsWith("CRITICAL: last message at 2025-12-31T22:38:20Z|uptime=1000;;"),
                result.output());
    }

    @Test
    void b115TheCertificateIsLookedAtFirst() {
        Instant end = now.plus(Duration.ofDays(365));
        status(now.minusSeconds(4900), 1000, ",\"certificate_expires\":\"" + end + "\"");
        CheckResult result = look(Duration.ofDays(366), Duration.ZERO);
        assertTrue(
                result.output().startsWith("CRITICAL: certificate expires 2027-01-01T00:00:00Z (8760h0m0s)|"),
                result.output());
    }

    @Test
    void theTokenIsLookedAtNext() {
        Instant end = now.plus(Duration.ofHours(2));
        status(now, 1000, ",\"token_expires\":\"" + end + "\"");
        CheckResult result = look(Duration.ZERO, Duration.ofHours(3));
        assertTrue(result.output().startsWith("CRITICAL: token expires 2026-01-01T02:00:00Z (2h0m0s)|"));
        assertEquals(Status.OK, look(Duration.ZERO, Duration.ofHours(1)).status());
    }

    @Test
    void anOldFileIsCritical() {
        status(now, 1000, "");
        bench.tasks.advance(Duration.ofHours(3).plusSeconds(1));
        assertTrue(look().output().startsWith("CRITICAL: older than 3h0m0s|"));
    }

    @Test
    void allIsWell() {
        status(now, 1000, ",\"certificate_expires\":\"0001-01-01T00:00:00Z\"");
        CheckResult result = look();
        assertEquals(Status.OK, result.status());
        assertEquals(
                "OK: /status.json|uptime=1000;; filtered_msgs=5;; invalid_msgs=3;; passed_msgs=4;; replies_msgs=6;;"
                        + " total_msgs=1;; ttlexpired_msgs=7;; last_msg=1767225600;;"
                        + " cert_expire_seconds=9223372036854775807;; token_expire_seconds=9223372036854775807;;"
                        + " events=8;;",
                result.output());
    }

    @Test
    void aNodeThatNeverHeardAMessageIsGivenTime() {
        status(Instant.EPOCH, 100, "");
        assertEquals(Status.OK, look().status());
        status(Instant.EPOCH, 4000, "");
        assertEquals(Status.CRITICAL, look().status());
        status(Instant.EPOCH, 4000, ",\"machine_room\":{}");
        assertEquals(Status.OK, look().status());
    }

    @Test
    void withoutLinkItIsCritical() {
        disk.put("/status.json", "{\"uptime\":5,\"connected_server\":\"\",\"last_message\":0}");
        assertTrue(look().output().startsWith("CRITICAL: Not connected to any server|"));
    }

    @Test
    void withoutAPlaceItIsUnknown() {
        bench.ports.remove(CheckFiles.class);
        assertEquals(CheckResult.unknown("Status file not configured"), look());
    }
}

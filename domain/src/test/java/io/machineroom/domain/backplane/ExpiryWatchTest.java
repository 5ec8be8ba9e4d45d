package io.machineroom.domain.backplane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.sim.SimCertificates;
import io.machineroom.ports.sim.SimMeter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExpiryWatchTest {
    @TempDir
    private Path directory;

    private final OfficeWorld world = new OfficeWorld(5);
    private final SimMeter meter = new SimMeter();

    private ExpiryWatch watch(int certificateDays) {
        SimCertificates certificates = new SimCertificates(world.tasks.time(), world.tasks.entropy());
        certificates.makeAuthority(directory, "ca", Duration.ofDays(3650));
        certificates.issueServer(directory, directory, List.of("localhost"), Duration.ofDays(certificateDays));
        IngestPorts ports = new IngestPorts(
                world.tasks, world.tasks.time(), world.tasks.entropy(), meter, world.json, world.format);
        return new ExpiryWatch(world.office.book(), certificates, directory.resolve("server.pem"), ports);
    }

    @Test
    void warnsThirtyDaysBeforeAndNamesTheRemedy() {
        ExpiryWatch watch = watch(40);
        assertEquals(List.of(), watch.warnings());
        world.tasks.jumpWall(Duration.ofDays(11));
        assertEquals(1, watch.warnings().size());
        String warning = watch.warnings().getFirst();
        assertTrue(warning.startsWith("certificate expires on "), warning);
        assertTrue(warning.contains("backplane renew --offline DIR"), warning);
        world.tasks.jumpWall(Duration.ofDays(30));
        assertTrue(
                watch.warnings().getFirst().contains("has expired"),
                watch.warnings().getFirst());
        assertEquals(1, watch.warnings().size(), "the issuer is good for a year");
    }

    @Test
    void measuresWhatIsLeft() {
        ExpiryWatch watch = watch(40);
        world.tasks.fork("expiry", watch);
        world.tasks.advance(Duration.ofMinutes(1));
        long days = Duration.ofSeconds((long) meter.gauge("mr_backplane_expires_seconds{what=\"certificate\"}"))
                .plusHours(1)
                .toDays();
        assertEquals(40, days);
        assertTrue(meter.gauge("mr_backplane_expires_seconds{what=\"issuer\"}") > 0);
        assertTrue(meter.gauge("mr_backplane_expires_seconds{what=\"authority\"}") > 0);
    }

    @Test
    void watchesTheSiteAuthorityOfEachCustomer() {
        Path chain = world.files.path("chain");
        world.certificates.makeAuthority(chain, "ca", Duration.ofDays(3650));
        IngestPorts ports = new IngestPorts(
                world.tasks, world.tasks.time(), world.tasks.entropy(), meter, world.json, world.format);
        ExpiryWatch watch = new ExpiryWatch(world.office.book(), world.certificates, chain.resolve("ca.pem"), ports);
        world.site("acme", "plant", "boss");
        world.site("acme", "hall", "boss");
        world.tasks.jumpWall(Duration.ofDays(1));
        world.site("bolt", "plant", "boss");
        assertEquals(
                List.of("issuer", "certificate", "site-ca acme", "site-ca bolt"),
                watch.all().stream().map(ExpiryWatch.Expiry::what).toList());
        world.tasks.jumpWall(Duration.ofDays(3649));
        assertTrue(
                watch.warnings().stream().anyMatch(w -> w.startsWith("site-ca acme expires on ")),
                () -> watch.warnings().toString());
        world.files.delete("site-ca/bolt");
        assertEquals(3, watch.all().size(), "what cannot be read is told in the log, and the others go on");
    }
}

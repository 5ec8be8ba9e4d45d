package io.machineroom.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import io.machineroom.ports.kv.Bucket;
import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.transport.Link;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The keys of a bucket over HTTPS, once and as they change. */
final class HttpBucketKeysTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static TestTls tls;

    private World world;
    private Link link;

    @BeforeAll
    static void makeCertificate() {
        tls = TestTls.fresh();
    }

    @BeforeEach
    void open() throws InterruptedException {
        world = new World(tls);
        link = world.connect();
    }

    @AfterEach
    void close() {
        link.close();
        world.close();
    }

    @Test
    void listsWhatIsThere() throws InterruptedException {
        Bucket bucket = link.bucket("CONFIG");
        assertEquals(Set.of(), bucket.keys());
        world.backplane.put("machines", new byte[] {1}, false);
        world.backplane.put("other", new byte[] {1}, false);
        assertEquals(Set.of("machines", "other"), bucket.keys());
        world.backplane.put("other", new byte[0], true);
        assertEquals(Set.of("machines"), bucket.keys());
    }

    @Test
    void tellsMissingFromUnreachable() {
        assertEquals(
                "bucket.missing",
                assertThrows(
                                PortException.Unavailable.class,
                                () -> link.bucket("NOWHERE").keys())
                        .code());
        world.gateway.close();
        assertEquals(
                "bucket.unreachable",
                assertThrows(
                                PortException.Unavailable.class,
                                () -> link.bucket("CONFIG").keys())
                        .code());
    }

    @Test
    void wakesForChangesAndForKeysThatAreGone() throws InterruptedException {
        world.backplane.put("machines", new byte[] {1}, false);
        Mailbox<String> box = world.runtime.mailbox(10);
        Link.Subscription watch = link.bucket("CONFIG").watchAll(box);
        assertEquals(Optional.of("machines"), box.poll(LONG));
        world.backplane.put("other", new byte[] {2}, false);
        assertEquals(Optional.of("other"), box.poll(LONG));
        world.backplane.put("machines", new byte[0], true);
        assertEquals(Optional.of("machines"), box.poll(LONG));
        watch.close();
        assertTrue(world.backplane.requests("/v1/desired/CONFIG").size() < 10);
    }
}

package io.machineroom.ports.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a machine may be reached under. */
final class HostNameTest {
    @Test
    void takesNamesAndAddressesOfBothKinds() {
        for (String good : List.of(
                "h",
                "h2.plant.example",
                "a-b",
                "10.0.0.1",
                "x".repeat(253),
                "::",
                "::1",
                "2001:db8::",
                "2001:db8::7",
                "1:2:3:4:5:6:7:8",
                "1:2:3:4:5:6:7::",
                "FE80::A")) {
            assertTrue(HostName.isHostName(good), good);
            String url = "tls://" + new HostName(good).bracketed() + ":9222";
            assertEquals(9222, URI.create(url).getPort(), url);
        }
        assertEquals("[2001:db8::]", new HostName("2001:db8::").bracketed());
        assertEquals("h.example", new HostName("h.example").bracketed());
    }

    @Test
    void refusesWhatNoCertificateCanBeFor() {
        for (String bad : List.of(
                "",
                "-a",
                "a-",
                ".a",
                "a.",
                "a b",
                "a/b",
                "*.example",
                "a\"",
                "x".repeat(254),
                "[::1]",
                "a:1",
                ":",
                ":::",
                "1::2::3",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "1:2:3:4:5:6:7:8::",
                "1:2",
                ":1:2:3:4:5:6:7:8",
                "12345::",
                "g::",
                "fe80::1%eth0",
                "::ffff:10.0.0.1")) {
            assertFalse(HostName.isHostName(bad), bad);
            assertThrows(IllegalArgumentException.class, () -> new HostName(bad), bad);
        }
    }

    @Test
    void knowsTheMachineItself() {
        for (String loop :
                List.of("localhost", "LocalHost", "a.localhost", "127.0.0.1", "127.9.9.9", "::1", "0:0:0:0:0:0:0:1")) {
            assertTrue(new HostName(loop).isLoopback(), loop);
        }
        for (String other : List.of("h", "127.example", "10.0.0.1", "::", "::2", "1::1", "localhost.example")) {
            assertFalse(new HostName(other).isLoopback(), other);
        }
    }
}

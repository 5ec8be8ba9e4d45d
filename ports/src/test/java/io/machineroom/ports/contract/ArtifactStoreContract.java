package io.machineroom.ports.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import io.machineroom.ports.artifact.ArtifactStore;
import io.machineroom.ports.data.Secret;
import io.machineroom.ports.runtime.Tasks;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What {@link ArtifactStore} promises. */
public abstract class ArtifactStoreContract {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final int SIZE = 300_000;

    protected abstract ArtifactStore store();

    /** The server that the tests lie with. */
    protected abstract Server server() throws InterruptedException;

    /** A path that is not there, in a directory that is. */
    protected abstract Path target();

    /** What a file holds; empty when there is none. */
    protected abstract Optional<byte[]> content(Path file);

    /** Runs a test body where waiting is allowed. */
    protected void within(Tasks.Body body) throws InterruptedException {
        body.run();
    }

    /** Offers files, honestly until told otherwise. */
    public interface Server {
        /** Offers a file and returns its URL; forgets lies about that name. */
        URI offer(String name, byte[] content);

        /** The next answer breaks off after that many bytes. */
        void breakOffOnce(String name, int after);

        /** Answers with that status. */
        void status(String name, int status);

        /** Sends without end, and without saying how much. */
        void endless(String name);

        /** Sends the beginning, then nothing for a long time. */
        void stall(String name);

        /** Sends elsewhere. */
        URI redirect(String name, URI to);

        /** The same file under another host name of the same server. */
        URI otherHost(URI url);

        /** The Authorization headers that came for a name, {@code -} for none. */
        List<String> logins(String name);

        /** Bytes sent for a name so far. */
        long sent(String name);
    }

    private static byte[] random(int seed, int size) {
        byte[] out = new byte[size];
        new Random(seed).nextBytes(out);
        return out;
    }

    private long fetch(URI url, Path into) throws InterruptedException {
        return store().fetch(url, Optional.empty(), SIZE, into, LONG);
    }

    private String refused(URI url, Path into) {
        return assertThrows(PortException.Refused.class, () -> fetch(url, into)).code();
    }

    private String unavailable(URI url, Path into) {
        return assertThrows(PortException.Unavailable.class, () -> fetch(url, into))
                .code();
    }

    @Test
    void bringsAFile() throws InterruptedException {
        within(() -> {
            byte[] content = random(1, SIZE);
            Path into = target();
            assertEquals(SIZE, fetch(server().offer("a.tar.gz", content), into));
            assertArrayEquals(content, content(into).orElseThrow());
        });
    }

    @Test
    void bringsAnEmptyFile() throws InterruptedException {
        within(() -> {
            Path into = target();
            assertEquals(0, fetch(server().offer("empty", new byte[0]), into));
        });
    }

    @Test
    void goesOnWhereItBrokeOff() throws InterruptedException {
        within(() -> {
            byte[] content = random(2, SIZE);
            Server server = server();
            URI url = server.offer("b", content);
            Path into = target();
            server.breakOffOnce("b", 200_000);
            assertEquals("artifact.interrupted", unavailable(url, into));
            assertTrue(content(into).orElseThrow().length > 0, "what came is kept");
            long before = server.sent("b");
            assertEquals(SIZE, fetch(url, into));
            assertArrayEquals(content, content(into).orElseThrow());
            assertTrue(server.sent("b") - before < SIZE, "only the rest was sent");
        });
    }

    @Test
    void beginsAnewWhenTheFileChanged() throws InterruptedException {
        within(() -> {
            Server server = server();
            URI url = server.offer("c", random(3, SIZE));
            Path into = target();
            server.breakOffOnce("c", 100_000);
            assertEquals("artifact.interrupted", unavailable(url, into));
            byte[] other = random(4, SIZE - 5);
            server.offer("c", other);
            assertEquals(other.length, fetch(url, into));
            assertArrayEquals(other, content(into).orElseThrow());
        });
    }

    @Test
    void replacesWhatHasNoKnownOrigin() throws InterruptedException {
        within(() -> {
            Server server = server();
            Path into = target();
            fetch(server.offer("d1", random(5, 500)), into);
            byte[] content = random(6, 1_000);
            assertEquals(1_000, fetch(server.offer("d2", content), into));
            assertArrayEquals(content, content(into).orElseThrow());
        });
    }

    @Test
    void refusesWhatIsTooLarge() throws InterruptedException {
        within(() -> {
            Path into = target();
            assertEquals("artifact.too-large", refused(server().offer("e", random(7, SIZE + 1)), into));
            assertTrue(content(into).isEmpty(), "nothing of it is kept");
        });
    }

    @Test
    void doesNotReadWithoutEnd() throws InterruptedException {
        within(() -> {
            Server server = server();
            URI url = server.offer("f", random(8, 10));
            server.endless("f");
            Path into = target();
            assertEquals("artifact.too-large", refused(url, into));
            assertTrue(content(into).isEmpty(), "nothing of it is kept");
        });
    }

    @Test
    void waitsOnlyAsLongAsItMay() throws InterruptedException {
        within(() -> {
            Server server = server();
            URI url = server.offer("g", random(9, SIZE));
            server.stall("g");
            Path into = target();
            PortException.Unavailable late = assertThrows(
                    PortException.Unavailable.class,
                    () -> store().fetch(url, Optional.empty(), SIZE, into, Duration.ofSeconds(4)));
            assertEquals("artifact.interrupted", late.code());
        });
    }

    @Test
    void tellsStatusesApart() throws InterruptedException {
        within(() -> {
            Server server = server();
            URI url = server.offer("h", random(10, 10));
            for (int status : new int[] {404, 403, 401, 410, 400}) {
                server.status("h", status);
                assertEquals("artifact.status", refused(url, target()), "status " + status);
            }
            for (int status : new int[] {503, 500, 502, 429, 408}) {
                server.status("h", status);
                assertEquals("artifact.status", unavailable(url, target()), "status " + status);
            }
            server.offer("h", random(10, 10));
            assertEquals(10, fetch(url, target()));
        });
    }

    @Test
    void followsFiveRedirects() throws InterruptedException {
        within(() -> {
            Server server = server();
            URI at = server.offer("i", random(11, 10));
            for (int i = 1; i <= 5; i++) {
                at = server.redirect("i" + i, at);
            }
            assertEquals(10, fetch(at, target()));
            assertEquals("artifact.redirect", refused(server.redirect("i6", at), target()));
        });
    }

    @Test
    void isNotLedAwayFromHttps() throws InterruptedException {
        within(() -> {
            Server server = server();
            assertEquals("artifact.url", refused(server.redirect("j", URI.create("http://192.0.2.7/x")), target()));
            assertEquals("artifact.url", refused(server.redirect("k", URI.create("file:///etc/passwd")), target()));
        });
    }

    @Test
    void refusesUrlsThatItDoesNotFetch() throws InterruptedException {
        within(() -> {
            for (String url :
                    List.of("http://192.0.2.7/x", "ftp://localhost/x", "file:///x", "https://user:pw@localhost/x")) {
                PortException.Refused refused =
                        assertThrows(PortException.Refused.class, () -> fetch(URI.create(url), target()));
                assertEquals("artifact.url", refused.code(), url);
                assertTrue(!String.valueOf(refused.getMessage()).contains("pw"), "no password in messages");
            }
        });
    }

    @Test
    void keepsTheLoginWithItsHost() throws InterruptedException {
        within(() -> {
            Server server = server();
            URI file = server.offer("l", random(12, 10));
            URI start = server.redirect("m", server.otherHost(file));
            ArtifactStore.Login login = new ArtifactStore.Login("me", Secret.of("pw"));
            assertEquals(10, store().fetch(start, Optional.of(login), SIZE, target(), LONG));
            assertEquals(List.of("Basic bWU6cHc="), server.logins("m"));
            assertEquals(List.of("-"), server.logins("l"));
        });
    }
}

package io.machineroom.nats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** W-37: a store of another time is not used again. */
final class NatsStoresTest {
    private static final String LONE = "store";
    private static final String SECOND = "store-plant-2";

    @TempDir
    Path directory;

    private NatsStores stores() {
        return new NatsStores(directory);
    }

    /** A server uses a store, and leaves something there. */
    private void run(String name, String leaves) throws IOException {
        stores().use(name);
        Path inside = Files.createDirectories(directory.resolve(name).resolve("jetstream"));
        Files.writeString(inside.resolve("state"), leaves);
    }

    private String kept(String name) throws IOException {
        Path file = directory.resolve(name).resolve("jetstream").resolve("state");
        return Files.exists(file) ? Files.readString(file) : "nothing";
    }

    private Set<String> folders() throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            Set<String> out = new TreeSet<>();
            all.filter(Files::isDirectory).forEach(p -> out.add(p.getFileName().toString()));
            return out;
        }
    }

    @Test
    void w37AnotherStartWithTheSameMembershipKeepsItsStore() throws IOException {
        run(SECOND, "first");
        stores().use(SECOND);
        stores().use(SECOND);
        assertEquals("first", kept(SECOND));
        assertEquals(1, folders().size());
    }

    @Test
    void w37AStoreOfBeforeIsSetAsideAndTheServerBeginsEmpty() throws IOException {
        run(LONE, "of long ago");
        run(SECOND, "of three");
        assertEquals("of long ago", kept(LONE), "who looks for it finds it where it was");
        stores().use(LONE);
        assertFalse(Files.exists(directory.resolve(LONE)));
        assertEquals("of long ago", kept(LONE + ".aside-1"));
        assertEquals("of three", kept(SECOND));
    }

    @Test
    void w37AtMostOneIsSetAsideOfEachName() throws IOException {
        for (String round : new String[] {"1", "2", "3"}) {
            run(LONE, "alone " + round);
            run(SECOND, "of three " + round);
        }
        stores().use(LONE);
        assertEquals("alone 3", kept(LONE + ".aside-1"));
        assertEquals("of three 2", kept(SECOND + ".aside-1"));
        assertEquals(3, folders().size(), folders()::toString);
    }

    @Test
    void w37WhoWasRelievedBeginsEmptyWithTheSameNameToo() throws IOException {
        run(SECOND, "of the first cluster");
        stores().rest();
        stores().rest();
        stores().use(SECOND);
        assertEquals("nothing", kept(SECOND));
        assertEquals("of the first cluster", kept(SECOND + ".aside-1"));
    }

    @Test
    void w37AnInstallationOfBeforeKeepsTheStoreThatItHas() throws IOException {
        Files.createDirectories(directory.resolve(LONE).resolve("jetstream"));
        Files.writeString(directory.resolve(LONE).resolve("jetstream").resolve("state"), "of an older version");
        stores().use(LONE);
        assertEquals("of an older version", kept(LONE));
        assertTrue(Files.exists(directory.resolve(NatsStores.NOTE)));
    }

    @Test
    void w37ANoteThatWasCutOffIsNone() throws IOException {
        run(LONE, "x");
        Files.writeString(directory.resolve(NatsStores.NOTE), "");
        stores().use(LONE);
        assertEquals("x", kept(LONE));
    }

    @Test
    void w37WhereNoServerEverRanNothingIsMade() throws IOException {
        Path never = directory.resolve("never");
        new NatsStores(never).rest();
        assertFalse(Files.exists(never));
    }
}

package io.machineroom.domain.backplane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.sim.SimTasks;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class SessionsTest {
    private final SimTasks tasks = new SimTasks(3);
    private final Sessions sessions = new Sessions(tasks.entropy(), tasks.time());

    private static Origin node(String name) {
        return new Origin("acme", "", name, "U" + name);
    }

    @Test
    void noNodeEndsTheSessionsOfOthersByOpeningMany() {
        String quiet = sessions.open(node("quiet"));
        String last = "";
        for (int i = 0; i < 200_000; i++) {
            last = sessions.open(node("busy"));
        }
        assertEquals(9, sessions.size());
        assertTrue(sessions.find(quiet).isPresent());
        assertTrue(sessions.find(last).isPresent());
    }

    @Test
    void forgetsWhatIsOverAndWhatIsDropped() {
        String one = sessions.open(node("one"));
        String two = sessions.open(node("two"));
        sessions.drop("acme", "one");
        assertTrue(sessions.find(one).isEmpty());
        assertTrue(sessions.find(two).isPresent());
        tasks.advance(Duration.ofSeconds(901));
        assertTrue(sessions.find(two).isEmpty());
        sessions.open(node("three"));
        assertEquals(1, sessions.size());
    }
}

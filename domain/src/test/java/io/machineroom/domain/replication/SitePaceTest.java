package io.machineroom.domain.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.domain.flow.RateSchedule;
import io.machineroom.ports.sim.SimTasks;
import java.time.Duration;
import java.time.LocalTime;
import java.util.List;
import org.junit.jupiter.api.Test;

class SitePaceTest {
    private final SimTasks tasks = new SimTasks(1);

    @Test
    void aFastLineTakesWholeBatches() {
        SitePace pace = new SitePace(RateSchedule.FREE, tasks.time());
        for (int i = 0; i < 12; i++) {
            int messages = pace.messages(4);
            pace.began(messages, messages * 900L);
            pace.took(messages * 900L, Duration.ofMillis(50));
        }
        assertEquals(1_000, pace.messages(4));
    }

    @Test
    void aLineThatNobodyKnowsYetIsNotFilledAtOnce() {
        assertTrue(new SitePace(RateSchedule.FREE, tasks.time()).messages(4) <= 4);
    }

    @Test
    void onAThinLineABatchTakesAboutASecond() {
        SitePace pace = new SitePace(RateSchedule.FREE, tasks.time());
        long bytesPerSecond = 8_000;
        for (int i = 0; i < 20; i++) {
            int messages = pace.messages(1);
            pace.began(messages, messages * 900L);
            pace.took(messages * 900L, Duration.ofMillis(messages * 900L * 1_000 / bytesPerSecond));
        }
        assertTrue(pace.messages(1) <= 2 * bytesPerSecond / 900, "messages " + pace.messages(1));
    }

    @Test
    void theRateOfTheHourBoundsABatchAndWhatFollows() {
        RateSchedule.Window day = new RateSchedule.Window(LocalTime.MIDNIGHT, LocalTime.MIDNIGHT, 9_000);
        SitePace pace = new SitePace(new RateSchedule(List.of(day)), tasks.time());
        assertTrue(pace.messages(1) <= 9);
        pace.began(9, 18_000);
        assertTrue(pace.wait(Duration.ofSeconds(10)).compareTo(Duration.ofMillis(900)) > 0);
    }

    @Test
    void oneMessageIsAlwaysTakenHoweverLarge() {
        SitePace pace = new SitePace(RateSchedule.FREE, tasks.time());
        pace.began(1, 8 << 20);
        pace.began(1, 8 << 20);
        assertEquals(1, pace.messages(8));
    }
}

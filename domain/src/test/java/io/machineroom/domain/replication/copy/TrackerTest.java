package io.machineroom.domain.replication.copy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.domain.replication.config.Sampling;
import io.machineroom.ports.sim.SimFiles;
import io.machineroom.ports.sim.SimJson;
import io.machineroom.ports.sim.SimTasks;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Rows TRK-* of the behaviours of streams: an interval of an hour, a warning after half of it, a trigger of 1,024 bytes. */
final class TrackerTest {
    private static final Sampling HOUR =
            new Sampling(Optional.of(new Sampling.Key.Token(-1)), Duration.ofHours(1), Duration.ofMinutes(30), 1_024);
    private final SimTasks tasks = new SimTasks(5);
    private final List<String> told = new ArrayList<>();
    private final Tracker tracker = tracker();

    private Tracker tracker() {
        return new Tracker(HOUR, tasks.time(), tasks.entropy(), new Tracker.Events() {
            @Override
            public void first(String key, Tracked item) {
                told.add("first " + key);
            }

            @Override
            public void recovered(String key, Tracked item) {
                told.add("recovered " + key);
            }

            @Override
            public Set<String> silent(Map<String, Tracked> items) {
                told.add("silent " + items.keySet());
                return items.keySet();
            }

            @Override
            public void expired(Map<String, Tracked> items) {
                told.add("expired " + items.keySet());
            }
        });
    }

    private Instant ago(Duration age) {
        return tasks.time().wall().minus(age);
    }

    private void known(String key, Duration age) {
        tracker.learn(key, new Tracked(ago(age), ago(age), false, 1));
    }

    @Test
    void trk01ForgetsWhoIsOverTheIntervalAndWarnsOfWhoIsOverItsHalf() {
        for (int key : List.of(7, 8, 9, 10)) {
            known(Integer.toString(key), Duration.ZERO);
        }
        for (int key : List.of(1, 3, 5)) {
            known(Integer.toString(key), Duration.ofSeconds(3_610));
        }
        for (int key : List.of(2, 4)) {
            known(Integer.toString(key), Duration.ofSeconds(3_590));
        }
        known("6", Duration.ofSeconds(1_801));
        tracker.scrub();
        assertEquals(List.of("expired [1, 3, 5]", "silent [2, 4, 6]"), told);
        assertEquals(7, tracker.items().size());
        tracker.scrub();
        assertEquals(2, told.size(), "each is told of once");
    }

    @Test
    void trk02KeepsItsItemsInAFile() {
        for (int i = 0; i < 10; i++) {
            tracker.seen("k" + i, 10 + i);
            tracker.copied("k" + i);
        }
        SimFiles files = SimFiles.fresh(tasks);
        TrackerFile file = new TrackerFile(files, new SimJson(), "S_W.json");
        file.save(tracker);
        Tracker again = tracker();
        file.load(again, HOUR, tasks.time().wall());
        assertEquals(tracker.items(), again.items());
    }

    @Test
    void trk02ABrokenFileAndOldItemsAreLeftOut() {
        SimFiles files = SimFiles.fresh(tasks);
        TrackerFile file = new TrackerFile(files, new SimJson(), "S_W.json");
        known("old", Duration.ofMinutes(61));
        known("young", Duration.ofMinutes(59));
        file.save(tracker);
        Tracker again = tracker();
        file.load(again, HOUR, tasks.time().wall());
        assertEquals(Set.of("young"), again.items().keySet());
        files.replace("S_W.json", new byte[] {'{'}, 0600);
        Tracker fresh = tracker();
        file.load(fresh, HOUR, tasks.time().wall());
        assertTrue(fresh.items().isEmpty());
    }

    @Test
    void trk03WhoHasNoNameIsCopiedAlways() {
        assertTrue(tracker.wants("", 0));
        tracker.seen("", 5);
        assertTrue(tracker.items().isEmpty());
    }

    @Test
    void trk04WhoIsNotKnownIsCopiedWhateverTheSize() {
        assertTrue(tracker.wants("unknown", 0));
        assertTrue(tracker.wants("unknown", 10));
        tracker.seen("left out", 10);
        assertTrue(tracker.wants("left out", 10), "seen, and never copied");
    }

    @Test
    void trk05WhatHadNoSizeAndHasOneNowIsCopied() {
        known("k", Duration.ZERO);
        tracker.seen("k", 0);
        assertFalse(tracker.wants("k", 0));
        assertTrue(tracker.wants("k", 10));
    }

    @Test
    void trk06AChangeOfTheSizeByTheTriggerIsCopied() {
        known("k", Duration.ZERO);
        tracker.seen("k", 1_024);
        assertFalse(tracker.wants("k", 1_999));
        assertTrue(tracker.wants("k", 2_048));
        assertTrue(tracker.wants("k", 0));
    }

    @Test
    void trk07WithoutATriggerTheSizeDoesNotMatter() {
        Sampling none = new Sampling(HOUR.by(), HOUR.interval(), HOUR.warn(), 0);
        Tracker without = new Tracker(none, tasks.time(), tasks.entropy(), Tracker.Events.none());
        without.seen("k", 1_024);
        without.copied("k");
        assertFalse(without.wants("k", 1_024));
        assertFalse(without.wants("k", 1_000_000));
    }

    @Test
    void trk08WhoWasSilentForTheIntervalIsCopied() {
        tracker.learn("k", new Tracked(ago(Duration.ofMinutes(50)), ago(Duration.ZERO), false, 7));
        assertFalse(tracker.wants("k", 7));
        tracker.learn("k", new Tracked(ago(Duration.ofMinutes(60)), ago(Duration.ZERO), false, 7));
        assertTrue(tracker.wants("k", 7));
    }

    @Test
    void trk09WhatWasNotCopiedForTheIntervalIsCopied() {
        tracker.learn("k", new Tracked(ago(Duration.ZERO), ago(Duration.ofMinutes(50)), false, 7));
        assertFalse(tracker.wants("k", 7));
        tracker.learn("k", new Tracked(ago(Duration.ZERO), ago(Duration.ofMinutes(60)), false, 7));
        assertTrue(tracker.wants("k", 7));
        tracker.learn("k", new Tracked(ago(Duration.ZERO), Tracked.NEVER, false, 7));
        assertTrue(tracker.wants("k", 7));
    }

    @Test
    void trk10WhatIsNotKnownHasNoTimeAndNoSize() {
        assertEquals(Tracked.UNKNOWN, tracker.item("k"));
        tracker.seen("k", 1_024);
        tracker.copied("k");
        Tracked now = tracker.item("k");
        assertEquals(new Tracked(tasks.time().wall(), tasks.time().wall(), false, 1_024), now);
    }

    @Test
    void trk11AWarningIsMarked() {
        known("k", Duration.ofMinutes(31));
        assertFalse(tracker.item("k").advised());
        tracker.scrub();
        assertTrue(tracker.item("k").advised());
    }

    @Test
    void trk12WhoIsSeenFirstIsToldOfOnce() {
        tracker.seen("new", 1);
        tracker.seen("new", 1);
        assertEquals(List.of("first new"), told);
        assertEquals(1, tracker.items().size());
    }

    @Test
    void trk13OnlyWhoWasSilentForTheTimeToWarnIsBack() {
        known("early", Duration.ofMinutes(29));
        known("silent", Duration.ofMinutes(31));
        known("late", Duration.ofMinutes(61));
        for (String key : List.of("early", "silent", "late")) {
            tracker.seen(key, 1);
        }
        assertEquals(List.of("recovered silent"), told);
    }

    @Test
    void trk14EachOfTheFourEventsHasItsListener() {
        tracker.seen("new", 1);
        known("gone", Duration.ofMinutes(61));
        known("back", Duration.ofMinutes(45));
        tracker.scrub();
        tracker.seen("back", 1);
        assertEquals(List.of("first new", "expired [gone]", "silent [back]", "recovered back"), told);
        assertFalse(tracker.item("back").advised());
    }

    @Test
    void w45ForgetsWithoutAStateFolder() {
        known("gone", Duration.ofHours(3));
        tracker.scrub();
        assertTrue(tracker.items().isEmpty());
        assertTrue(told.isEmpty(), "of who was away for longer than twice the interval nothing is told");
    }
}

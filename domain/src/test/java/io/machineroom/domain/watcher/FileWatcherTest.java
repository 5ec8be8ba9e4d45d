package io.machineroom.domain.watcher;

import static io.machineroom.domain.watcher.Bench.obj;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.watcher.Outcome;
import io.machineroom.ports.watcher.Watcher;
import io.machineroom.ports.watcher.Watcher.Trigger;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class FileWatcherTest {
    private final Bench bench = new Bench();
    private final CheckDisk disk = new CheckDisk(bench);
    private final FileWatcher.Type type = new FileWatcher.Type();

    private String look(Watcher watcher) {
        return bench.ask(watcher, Trigger.INTERVAL).detail();
    }

    private static String managed(String mode) {
        return "{'path':'/etc/app.conf','contents':'{{ lookup \\'data.test\\' \\'default\\' | ToUpper }}',"
                + "'owner':'{{ lookup \\'data.o\\' \\'root\\' }}','group':'root','mode':" + mode + "}";
    }

    @Test
    void b052GatheringTheInitialStateIsAFlag() {
        disk.put("/etc/app.conf", "x");
        Watcher watcher = bench.make(type, "{'path':'/etc/app.conf','gather_initial_state':'t'}");
        bench.ask(watcher, Trigger.START);
        assertEquals("unchanged", look(watcher));
        Watcher eager = bench.make(type, "{'path':'/etc/app.conf'}");
        bench.ask(eager, Trigger.START);
        assertEquals("changed", look(eager));
        assertEquals("unchanged", look(eager));
    }

    @Test
    void b054AndB055AndB057ManagedFilesNeedOwnerGroupAndMode() {
        assertEquals("path is required", bench.fault(type, "{}"));
        String fault = "{'path':'cmd','contents':'x'";
        assertEquals("owner is required when managing content", bench.fault(type, fault + "}"));
        assertEquals("group is required when managing content", bench.fault(type, fault + ",'owner':'o'}"));
        String owned = fault + ",'owner':'o','group':'g'";
        assertEquals("mode is required when managing content", bench.fault(type, owned + "}"));
        assertEquals("invalid mode, must be a string like 0700", bench.fault(type, owned + ",'mode':'foo'}"));
    }

    @Test
    void b059WritesWhatItShouldHold() {
        bench.data = obj("{'test':'test_data'}");
        Watcher watcher = bench.make(type, managed("'{{ lookup \\'data.m\\' \\'0700\\' }}'"));
        assertTrue(bench.properties.faults().isEmpty());
        assertEquals("changed", look(watcher));
        assertEquals("unchanged", look(watcher));
        assertEquals("TEST_DATA", disk.text("/etc/app.conf"));
        assertEquals(0700, disk.info(Path.of("/etc/app.conf")).orElseThrow().mode());
    }

    @Test
    void b060AnotherModeIsMended() {
        Watcher watcher = bench.make(type, managed("'0700'"));
        assertEquals("changed", look(watcher));
        disk.mode("/etc/app.conf", 0600);
        assertEquals("changed", look(watcher));
        assertEquals("unchanged", look(watcher));
    }

    @Test
    void b062TheStateHoldsTheWholePath() {
        Watcher watcher = bench.make(type, "{'path':'./bin//sh'}");
        assertEquals(
                "{\"path\":\"/node/machines/m/bin/sh\",\"previous_outcome\":\"unknown\"}", bench.text(watcher.state()));
    }

    @Test
    void w33AMissingFileSaysSo() {
        Watcher watcher = bench.make(type, "{'path':'/etc/none'}");
        Outcome.Failed missing = assertInstanceOf(Outcome.Failed.class, bench.ask(watcher, Trigger.INTERVAL));
        assertEquals("file.missing: there is no readable /etc/none", missing.reason());
        assertTrue(missing.announce() && missing.fire());
        disk.put("/etc/none", "x");
        assertEquals("changed", look(watcher));
    }

    @Test
    void w33AnOlderTimeStampIsAChange() {
        disk.put("/etc/app.conf", "x");
        Watcher watcher = bench.make(type, "{'path':'/etc/app.conf'}");
        look(watcher);
        disk.put("/etc/app.conf", "y", bench.time().wall().minus(Duration.ofDays(1)));
        assertEquals("changed", look(watcher));
    }

    @Test
    void w33ModesAreOctalHoweverTheyAreWritten() {
        for (String mode : new String[] {"'0640'", "'640'", "416"}) {
            look(bench.make(type, managed(mode)));
            assertEquals(0640, disk.info(Path.of("/etc/app.conf")).orElseThrow().mode(), mode);
        }
        assertEquals(
                "file.mode: invalid mode, must be a string like 0700",
                assertInstanceOf(
                                Outcome.Failed.class,
                                bench.ask(
                                        bench.make(type, managed("'{{ lookup \\'data.m\\' \\'rwx\\' }}'")),
                                        Trigger.INTERVAL))
                        .reason());
    }

    @Test
    void w33WhatIsInOrderIsNotWrittenAnewAtAStart() {
        look(bench.make(type, managed("'0700'")));
        assertEquals("unchanged", look(bench.make(type, managed("'0700'"))));
    }

    @Test
    void w33AnotherOwnerIsMended() {
        Watcher watcher = bench.make(type, managed("'0700'"));
        look(watcher);
        bench.data = obj("{'o':'www'}");
        assertEquals("changed", look(watcher));
    }

    @Test
    void whatItRememberedSurvivesARest() {
        disk.put("/etc/app.conf", "x");
        Watcher watcher = bench.make(type, "{'path':'/etc/app.conf'}");
        look(watcher);
        watcher.stateChanged(false);
        assertEquals("skipped", watcher.state().text("previous_outcome").orElseThrow());
        assertEquals("unchanged", look(watcher));
    }
}

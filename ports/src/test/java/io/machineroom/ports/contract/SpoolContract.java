package io.machineroom.ports.contract;

import static io.machineroom.ports.contract.SpoolWork.append;
import static io.machineroom.ports.contract.SpoolWork.bodies;
import static io.machineroom.ports.contract.SpoolWork.commitAll;
import static io.machineroom.ports.contract.SpoolWork.message;
import static io.machineroom.ports.contract.SpoolWork.names;
import static io.machineroom.ports.contract.SpoolWork.readAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import io.machineroom.ports.spool.Spool;
import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.Epoch;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/**
 * What every spool promises. Extend it with your spool; the tests are the sentences. {@link SourceContract} is the other
 * one to pass.
 */
public abstract class SpoolContract extends SpoolLimitsContract {
    @Test
    void givesNumbersFromOneInEachLane() throws Exception {
        try (Spool spool = tested().open(settings())) {
            assertEquals(
                    List.of(new Spool.Appended(Lane.NORMAL, 1, 1), new Spool.Appended(Lane.NORMAL, 2, 2)),
                    append(spool, Lane.NORMAL, "n", 1, 2));
            assertEquals(List.of(new Spool.Appended(Lane.URGENT, 1, 1)), append(spool, Lane.URGENT, "u", 1, 1));
            assertEquals(List.of(new Spool.Appended(Lane.NORMAL, 3, 3)), append(spool, Lane.NORMAL, "n", 3, 3));
            assertEquals(List.of(), spool.append(Lane.NORMAL, List.of()));
        }
    }

    @Test
    void returnsWhatWasAppendedInOrderAndWhole() throws Exception {
        try (Spool spool = tested().open(settings());
                Source source = spool.source("pump")) {
            append(spool, Lane.NORMAL, "n", 1, 300);
            append(spool, Lane.NORMAL, "n", 301, 301);
            List<Delivery> all = readAll(source);
            assertEquals(names("n", 1, 301), bodies(all));
            Message first = all.getFirst().message();
            Message sent = message("n1");
            assertEquals(
                    List.of(sent.subject(), sent.id(), sent.headers(), sent.created(), sent.body()),
                    List.of(first.subject(), first.id(), first.headers(), first.created(), first.body()));
            assertTrue(first.body().isReadOnly());
            assertEquals(spool.epoch(), all.getFirst().stamp().epoch());
            for (int i = 1; i < all.size(); i++) {
                assertEquals(i + 1, all.get(i).stamp().from());
                assertTrue(all.get(i).position().compareTo(all.get(i - 1).position()) > 0);
            }
        }
    }

    @Test
    void findsAfterReopeningWhatWasThere() throws Exception {
        Epoch first;
        try (Spool spool = tested().open(settings())) {
            first = spool.epoch();
            append(spool, Lane.NORMAL, "a", 1, 5);
        }
        try (Spool spool = tested().open(settings());
                Source source = spool.source("pump")) {
            assertEquals(first.lineage(), spool.epoch().lineage());
            assertEquals(first.ordinal() + 1, spool.epoch().ordinal());
            assertNotEquals(first.nonce(), spool.epoch().nonce());
            append(spool, Lane.NORMAL, "b", 1, 2);
            List<Delivery> all = readAll(source);
            assertEquals(List.of("a1", "a2", "a3", "a4", "a5", "b1", "b2"), bodies(all));
            assertEquals(first, all.getFirst().stamp().epoch());
            assertEquals(null, all.getFirst().stamp().previous());
            assertEquals(1, all.get(5).stamp().from());
            var previous = all.get(5).stamp().previous();
            assertEquals(first, previous.epoch());
            assertEquals(5, previous.last());
        }
    }

    @Test
    void namesTheLastEpochThatWasNotEmptyAsTheOneBefore() throws Exception {
        Epoch first;
        try (Spool spool = tested().open(settings())) {
            first = spool.epoch();
            append(spool, Lane.NORMAL, "a", 1, 1);
        }
        try (Spool spool = tested().open(settings())) {
            append(spool, Lane.URGENT, "u", 1, 1);
        }
        tested().open(settings()).close();
        try (Spool spool = tested().open(settings());
                Source source = spool.source("pump")) {
            append(spool, Lane.NORMAL, "b", 1, 1);
            List<Delivery> all = readAll(source);
            assertEquals(List.of("u1", "a1", "b1"), bodies(all));
            assertEquals(first, all.get(2).stamp().previous().epoch());
            assertEquals(null, all.get(0).stamp().previous());
        }
    }

    @Test
    void keepsEveryAcknowledgedRecordWhenItIsKilled() throws Exception {
        int next = 1;
        for (int round = 1; round <= 12; round++) {
            Spool spool = tested().open(settings());
            for (int i = 0; i < round; i++) {
                append(spool, Lane.NORMAL, "k", next, next + i);
                next += i + 1;
            }
            tested().kill(spool);
        }
        try (Spool spool = tested().open(settings());
                Source source = spool.source("pump")) {
            assertEquals(names("k", 1, next - 1), bodies(readAll(source)));
        }
    }

    @Test
    void carriesTenThousandMessagesAcrossCrashes() throws Exception {
        List<String> got = new ArrayList<>();
        int next = 1;
        while (next <= 10_000) {
            Spool spool = tested().open(settings());
            try (Source source = spool.source("pump")) {
                for (int i = 0; i < 10; i++) {
                    append(spool, Lane.NORMAL, "m", next, next + 99);
                    next += 100;
                }
                List<Delivery> some = source.read(950, 1 << 20, SpoolWork.AT_ONCE);
                got.addAll(bodies(some));
                commitAll(source, some);
            }
            tested().kill(spool);
        }
        try (Spool spool = tested().open(settings());
                Source source = spool.source("pump")) {
            got.addAll(bodies(readAll(source)));
        }
        assertEquals(names("m", 1, 10_000), got);
    }

    @Test
    void takesFromManyTasksAtOnce() throws Exception {
        int tasks = 16;
        int each = 50;
        try (Spool spool = tested().open(settings());
                Source source = spool.source("pump");
                ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> running = new ArrayList<>();
            for (int task = 0; task < tasks; task++) {
                String name = "t" + task + ".";
                running.add(executor.submit(() -> {
                    for (int i = 1; i <= each; i++) {
                        append(spool, Lane.NORMAL, name, i, i);
                    }
                    return null;
                }));
            }
            for (Future<?> task : running) {
                task.get();
            }
            List<Delivery> all = readAll(source);
            assertEquals(tasks * each, all.size());
            for (int task = 0; task < tasks; task++) {
                String name = "t" + task + ".";
                assertEquals(
                        names(name, 1, each),
                        bodies(all).stream().filter(b -> b.startsWith(name)).toList());
            }
        }
    }

    @Test
    void refusesFilesOfAnotherVersion() throws Exception {
        try (Spool spool = tested().open(settings())) {
            append(spool, Lane.NORMAL, "n", 1, 1);
        }
        tested().otherVersion();
        var told = assertThrows(PortException.Corrupted.class, () -> tested().open(settings()));
        assertEquals("spool.version", told.code());
    }

    @Test
    void belongsToOneAtATime() {
        try (Spool spool = tested().open(settings())) {
            assertRefused("spool.locked", () -> tested().open(settings()));
            assertRefused("spool.locked", () -> tested().open(settings()));
            assertEquals(0, spool.stats().records());
        }
        tested().open(settings()).close();
    }

    @Test
    void closesTwiceAndRefusesAfterwards() throws Exception {
        Spool spool = tested().open(settings());
        append(spool, Lane.NORMAL, "n", 1, 1);
        spool.close();
        spool.close();
        assertThrows(PortException.class, () -> append(spool, Lane.NORMAL, "n", 2, 2));
    }
}

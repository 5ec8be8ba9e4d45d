package io.machineroom.ports.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.runtime.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What {@link Tasks} promises. */
public abstract class TasksContract {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration SHORT = Duration.ofMillis(20);

    protected abstract Tasks tasks();

    protected abstract TimeSource time();

    /** Runs a test body where waiting is allowed. */
    protected abstract void within(Tasks.Body body) throws InterruptedException;

    @Test
    void runsTheBodyOnceAndIsDone() throws InterruptedException {
        within(() -> {
            Mailbox<String> seen = tasks().mailbox(10);
            Tasks.Task task = tasks().fork("one", () -> seen.offer("ran"));
            assertTrue(task.join(LONG));
            assertTrue(task.done());
            assertEquals("one", task.name());
            assertEquals(Optional.empty(), task.failure());
            assertEquals(List.of("ran"), seen.drain(10));
        });
    }

    @Test
    void aWeighedMailboxRefusesWhatIsTooHeavyAndTakesItAgainWhenThereIsRoom() throws InterruptedException {
        within(() -> {
            Mailbox<String> box = tasks().mailbox(10, 8, String::length);
            assertFalse(box.offer("far too long"));
            assertTrue(box.offer("four"));
            assertTrue(box.offer("four"));
            assertFalse(box.offer("x"));
            assertEquals("four", box.take());
            assertTrue(box.offer("x"));
            assertEquals(List.of("four", "x"), box.drain(10));
            assertTrue(box.offer("eighteen".substring(0, 8)));
            assertEquals(Optional.of("eighteen"), box.poll(Duration.ZERO));
        });
    }

    @Test
    void joinGivesUpAfterItsTime() throws InterruptedException {
        within(() -> {
            Tasks.Task task = tasks().fork("sleeper", () -> tasks().sleep(LONG));
            assertFalse(task.join(SHORT));
            assertFalse(task.done());
            task.cancel();
            assertTrue(task.join(LONG));
        });
    }

    @Test
    void keepsWhatEndedTheBody() throws InterruptedException {
        within(() -> {
            Tasks.Task task = tasks().fork("broken", () -> {
                throw new IllegalStateException("broken on purpose");
            });
            assertTrue(task.join(LONG));
            assertEquals("broken on purpose", task.failure().orElseThrow().getMessage());
        });
    }

    @Test
    void keepsAnErrorToo() throws InterruptedException {
        within(() -> {
            Tasks.Task task = tasks().fork("broken", () -> {
                throw new StackOverflowError("deep on purpose");
            });
            assertTrue(task.join(LONG));
            assertEquals(StackOverflowError.class, task.failure().orElseThrow().getClass());
        });
    }

    @Test
    void cancelInterruptsASleep() throws InterruptedException {
        within(() -> {
            Mailbox<String> seen = tasks().mailbox(10);
            Tasks.Task task = tasks().fork("sleeper", () -> {
                try {
                    tasks().sleep(LONG);
                } catch (InterruptedException e) {
                    seen.offer("interrupted");
                    throw e;
                }
            });
            assertFalse(task.join(SHORT));
            task.cancel();
            assertTrue(task.join(LONG));
            assertEquals(List.of("interrupted"), seen.drain(10));
            assertEquals(Optional.empty(), task.failure());
        });
    }

    @Test
    void cancelInterruptsATakeAndAJoin() throws InterruptedException {
        within(() -> {
            Mailbox<String> empty = tasks().mailbox(1);
            Tasks.Task taker = tasks().fork("taker", empty::take);
            Tasks.Task joiner = tasks().fork("joiner", () -> taker.join(LONG));
            assertFalse(joiner.join(SHORT));
            joiner.cancel();
            assertTrue(joiner.join(LONG));
            assertFalse(taker.done());
            taker.cancel();
            assertTrue(taker.join(LONG));
        });
    }

    @Test
    void cancelOutsideAWaitEndsTheNextWaitOnly() throws InterruptedException {
        within(() -> {
            Mailbox<String> seen = tasks().mailbox(10);
            Mailbox<Tasks.Task> self = tasks().mailbox(1);
            Mailbox<String> filled = tasks().mailbox(1);
            filled.offer("there");
            Tasks.Task task = tasks().fork("cancels itself", () -> {
                Tasks.Task me = self.take();
                me.cancel();
                me.cancel();
                try {
                    filled.take();
                } catch (InterruptedException e) {
                    seen.offer("interrupted");
                }
                seen.offer(filled.take());
            });
            self.offer(task);
            assertTrue(task.join(LONG));
            assertEquals(List.of("interrupted", "there"), seen.drain(10));
        });
    }

    @Test
    void cancellingAnEndedTaskDoesNothing() throws InterruptedException {
        within(() -> {
            Tasks.Task task = tasks().fork("short", () -> {});
            assertTrue(task.join(LONG));
            task.cancel();
            assertTrue(task.done());
            assertEquals(Optional.empty(), task.failure());
        });
    }

    @Test
    void sleepsAtLeastItsTimeAndLetsOthersRun() throws InterruptedException {
        within(() -> {
            Mailbox<String> seen = tasks().mailbox(10);
            long before = time().ticks();
            tasks().fork("other", () -> seen.offer("other ran"));
            tasks().sleep(SHORT);
            assertTrue(time().ticks() - before >= SHORT.toNanos());
            assertEquals(Optional.of("other ran"), seen.poll(LONG));
            tasks().sleep(Duration.ZERO);
        });
    }

    @Test
    void mailboxKeepsOrderAndRefusesWhenFull() throws InterruptedException {
        within(() -> {
            Mailbox<Integer> box = tasks().mailbox(3);
            assertTrue(box.offer(1));
            assertTrue(box.offer(2));
            assertTrue(box.offer(3));
            assertFalse(box.offer(4));
            assertEquals(3, box.size());
            assertEquals(1, box.take());
            assertTrue(box.offer(5));
            assertEquals(List.of(2, 3), box.drain(2));
            assertEquals(List.of(5), box.drain(10));
            assertEquals(List.of(), box.drain(10));
        });
    }

    @Test
    void pollWaitsUpToItsTime() throws InterruptedException {
        within(() -> {
            Mailbox<Integer> box = tasks().mailbox(1);
            assertEquals(Optional.empty(), box.poll(Duration.ZERO));
            long before = time().ticks();
            assertEquals(Optional.empty(), box.poll(SHORT));
            assertTrue(time().ticks() - before >= SHORT.toNanos());
            tasks().fork("late", () -> {
                tasks().sleep(SHORT);
                box.offer(7);
            });
            assertEquals(Optional.of(7), box.poll(LONG));
        });
    }

    @Test
    void takesFromManyWhoOffer() throws InterruptedException {
        within(() -> {
            Mailbox<Integer> box = tasks().mailbox(1_000);
            for (int task = 0; task < 10; task++) {
                int first = task * 100;
                tasks().fork("offer-" + task, () -> {
                    for (int i = 0; i < 100; i++) {
                        box.offer(first + i);
                        if (i % 10 == 0) {
                            tasks().sleep(Duration.ofMillis(1));
                        }
                    }
                });
            }
            List<Integer> all = new ArrayList<>();
            while (all.size() < 1_000) {
                all.add(box.take());
            }
            assertEquals(1_000, all.stream().distinct().count());
            for (int task = 0; task < 10; task++) {
                int first = task * 100;
                List<Integer> own =
                        all.stream().filter(n -> n >= first && n < first + 100).toList();
                assertEquals(own.stream().sorted().toList(), own);
            }
        });
    }

    @Test
    void refusesAMailboxWithoutRoom() {
        assertThrows(IllegalArgumentException.class, () -> tasks().mailbox(0));
    }
}

package io.machineroom.app.bench.machines;

import com.sun.management.OperatingSystemMXBean;
import io.machineroom.app.codec.CloudEventsProtobufFormat;
import io.machineroom.app.codec.JacksonJson;
import io.machineroom.app.host.SystemRuntime;
import io.machineroom.domain.event.Events;
import io.machineroom.domain.event.Events.MachineRef;
import io.machineroom.domain.machine.MachineDefinition.Transition;
import io.machineroom.domain.machine.StateMachine;
import io.machineroom.ports.runtime.TimeSource;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * What many machines cost on this computer, and how fast one is. Prints a table in Markdown. Arguments: an empty folder,
 * number of machines, seconds of one look at them, rounds.
 */
public final class MachineRig {
    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private final Path folder;
    private final int machines;
    private final long seconds;
    private final Map<String, List<Double>> results = new LinkedHashMap<>();

    private MachineRig(Path folder, int machines, long seconds) {
        this.folder = folder;
        this.machines = machines;
        this.seconds = seconds;
    }

    public static void main(String[] args) throws Exception {
        Path folder = Files.createTempDirectory(Files.createDirectories(Path.of(args[0])), "machines");
        try {
            MachineRig rig = new MachineRig(folder, Integer.parseInt(args[1]), Long.parseLong(args[2]));
            MachineFolders.write(folder.resolve("many/machines"), rig.machines);
            MachineFolders.writeIdle(folder.resolve("one/machines"));
            int rounds = Integer.parseInt(args[3]);
            for (int round = 0; round <= rounds; round++) {
                rig.many(round > 0);
                rig.moves(round > 0);
                rig.actor(round > 0);
            }
            rig.table();
        } finally {
            delete(folder);
        }
    }

    private void note(boolean counts, String what, double value) {
        System.err.printf(Locale.ROOT, "%s %s: %.3f%n", counts ? "" : "(warm-up)", what, value);
        if (counts) {
            results.computeIfAbsent(what, w -> new ArrayList<>()).add(value);
        }
    }

    private void many(boolean counts) throws Exception {
        long empty = live(folder.resolve("none"));
        Pulse pulse = new Pulse();
        long begin = System.nanoTime();
        try (RigHost host = new RigHost(folder.resolve("many"), RigWorld.alone(new SystemRuntime(), pulse))) {
            await(() -> host.started() == machines);
            note(counts, "load and start, s", (System.nanoTime() - begin) / 1e9);
            LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(5));
            note(counts, "live heap a machine, KB", (live() - empty) / 1024.0 / machines);
            LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(2));
            pulse.begin();
            long cpu = SYSTEM.getProcessCpuTime();
            long from = System.nanoTime();
            LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(seconds));
            double share = 100.0 * (SYSTEM.getProcessCpuTime() - cpu) / (System.nanoTime() - from);
            double[] off = pulse.end();
            note(counts, "processor, % of one core", share);
            note(counts, "intervals seen a second", off.length / (double) seconds);
            note(counts, "tick jitter p50, ms", off[off.length / 2]);
            note(counts, "tick jitter p99, ms", off[(int) (off.length * 0.99)]);
            note(counts, "tick jitter worst, ms", off[off.length - 1]);
        }
    }

    private static long live(Path nothing) throws Exception {
        try (RigHost host = new RigHost(nothing, RigWorld.alone(new SystemRuntime(), new Pulse()))) {
            await(() -> !host.machines().machines().isEmpty());
            return live();
        }
    }

    private static long live() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /** Table, event and encoding of a transition, in one thread, with neither mailbox nor limiter. */
    private void moves(boolean counts) {
        SystemRuntime runtime = new SystemRuntime();
        Events events = new Events("node.example.net", Events.COMPONENT_SERVER, "1", runtime, runtime);
        CloudEventsProtobufFormat format = new CloudEventsProtobufFormat(new JacksonJson());
        StateMachine table = StateMachine.of("A", List.of(way("go", "A", "B"), way("back", "B", "A")));
        MachineRef ref = new MachineRef("machine0000", "1.0.0", runtime.uuid());
        String state = table.initial();
        long bytes = 0;
        long done = 0;
        long begin = System.nanoTime();
        long end = begin + TimeUnit.SECONDS.toNanos(Math.min(seconds, 5));
        while (System.nanoTime() < end) {
            String event = state.equals("A") ? "go" : "back";
            String to = table.destination(state, event).orElseThrow();
            bytes += format.encode(events.transition(ref, event, state, to).event()).length;
            state = to;
            done++;
        }
        note(counts, "transitions a second, table, event and encoding in one thread", rate(done, begin));
        note(counts, "bytes of an encoded transition", bytes / (double) done);
    }

    private static Transition way(String name, String from, String to) {
        return new Transition(name, List.of(from), to, "", List.of());
    }

    /** The running actor, asked from outside as fast as its mailbox takes; only the limiter's clock is another. */
    private void actor(boolean counts) throws Exception {
        TimeSource time = new LeapingTime();
        try (RigHost host = new RigHost(folder.resolve("one"), RigWorld.alone(time, new Pulse()))) {
            await(() -> host.started() == 1);
            long before = host.transitions();
            long cpu = SYSTEM.getProcessCpuTime();
            long begin = System.nanoTime();
            long end = begin + TimeUnit.SECONDS.toNanos(Math.min(seconds, 5));
            String next = "there";
            while (System.nanoTime() < end) {
                if (host.machines().transition("machine0000", next)) {
                    next = next.equals("there") ? "back" : "there";
                } else {
                    Thread.yield();
                }
            }
            long done = host.transitions() - before;
            note(counts, "transitions a second of one running machine", rate(done, begin));
            note(counts, "the same, for each core's second used", done / ((SYSTEM.getProcessCpuTime() - cpu) / 1e9));
        }
    }

    private static double rate(long done, long begin) {
        return done / ((System.nanoTime() - begin) / 1e9);
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("waited a minute in vain");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    private void table() {
        System.out.printf("| measured | median [least..most] |%n| --- | --- |%n");
        results.forEach((what, values) -> {
            List<Double> sorted = values.stream().sorted().toList();
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %,.2f [%,.2f..%,.2f] |%n",
                    what,
                    sorted.get(sorted.size() / 2),
                    sorted.getFirst(),
                    sorted.getLast());
        });
    }

    private static void delete(Path place) throws IOException {
        try (Stream<Path> files = Files.walk(place)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}

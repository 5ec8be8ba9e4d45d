package io.machineroom.app.simulation;

import io.machineroom.app.codec.JacksonJson;
import io.machineroom.ports.data.Value;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import java.util.logging.Logger;

/** {@code bin/simulate}: new worlds for a time, or one seed again. */
final class Simulate {
    private static final int WRONG_USE = 2;
    private static final Duration PROGRESS = Duration.ofSeconds(10);

    private Simulate() {}

    /** Which worlds. */
    private record Kind(boolean standbys, boolean sites, boolean alone, double faults) {
        static Kind of(List<String> args, boolean one) {
            boolean sites = args.contains("--sites");
            return new Kind(
                    args.contains("--standbys"),
                    sites,
                    !sites && (one || args.contains("--alone")),
                    Wish.real(args, "--faults", 1));
        }

        /** With and without sites by turns, unless one of both is wanted. */
        Scenario.Plan plan(long seed) {
            boolean with = sites || !alone && seed % 2 == 0;
            Scenario.Plan plan = with ? Scenario.Plan.site(seed) : Scenario.Plan.standard();
            return (standbys ? Scenario.Plan.standbys() : plan).withFaults(faults);
        }
    }

    /** What was asked for. */
    private record Wish(long seed, boolean one, Kind kind, Duration time, int workers, List<String> args) {
        static Wish of(List<String> args) {
            boolean one = args.contains("--seed") && !args.contains("--minutes");
            return new Wish(
                    number(args, "--seed", System.nanoTime() & 0xFFFFFFFFFFL),
                    one,
                    Kind.of(args, one),
                    Duration.ofSeconds(Math.round(60 * real(args, "--minutes", 1))),
                    (int) number(args, "--workers", Runtime.getRuntime().availableProcessors()),
                    args);
        }

        boolean json() {
            return args.contains("--json");
        }

        boolean loud() {
            return args.contains("--log");
        }

        private static long number(List<String> args, String name, long otherwise) {
            int at = args.indexOf(name);
            return at < 0 ? otherwise : Long.parseLong(args.get(at + 1));
        }

        private static double real(List<String> args, String name, double otherwise) {
            int at = args.indexOf(name);
            return at < 0 ? otherwise : Double.parseDouble(args.get(at + 1));
        }
    }

    /** Ends with 1 when an invariant broke. */
    public static void main(String[] args) throws InterruptedException {
        Wish wish;
        try {
            wish = Wish.of(Arrays.asList(args));
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            System.err.println(
                    "usage: bin/simulate [--minutes N] [--seed S] [--sites | --standbys | --alone] [--faults N] [--workers N] [--json] [--log]");
            System.exit(WRONG_USE);
            return;
        }
        Logger.getLogger("").setLevel(wish.loud() ? Level.INFO : Level.OFF);
        System.exit(wish.one() ? again(wish) : many(wish));
    }

    private static int again(Wish wish) {
        Scenario scenario = new Scenario(wish.seed(), wish.kind().plan(wish.seed()));
        Scenario.Result result = scenario.run();
        if (wish.json()) {
            Tally tally = new Tally();
            tally.add(result);
            print(System.out, tally.document());
            return result.failure().isPresent() ? 1 : 0;
        }
        result.story().forEach(System.out::println);
        System.out.println(result.line());
        result.failure().ifPresent(broken -> {
            broken.printStackTrace(System.out);
            scenario.world()
                    .nodes()
                    .forEach(node -> print(System.out, node.status().without("stats")));
            scenario.world().truth().missing().forEach(System.out::println);
            System.out.println(scenario.world().sim().dump());
        });
        return result.failure().isPresent() ? 1 : 0;
    }

    private static int many(Wish wish) throws InterruptedException {
        Tally tally = new Tally();
        long end = System.nanoTime() + wish.time().toNanos();
        List<Thread> workers = new ArrayList<>();
        AtomicLong next = new AtomicLong(wish.seed());
        for (int i = 0; i < wish.workers(); i++) {
            workers.add(Thread.ofPlatform().start(() -> {
                while (System.nanoTime() < end) {
                    long seed = next.getAndIncrement();
                    Scenario.Result result = new Scenario(seed, wish.kind().plan(seed)).run();
                    tally.add(result);
                    if (result.failure().isPresent()) {
                        System.err.println(result.line());
                    }
                }
            }));
        }
        for (Thread worker : workers) {
            while (!worker.join(PROGRESS)) {
                System.err.println(tally.progress());
            }
        }
        if (wish.json()) {
            print(System.out, tally.document());
        } else {
            System.out.println(tally.text());
        }
        return tally.failures().isEmpty() ? 0 : 1;
    }

    private static void print(PrintStream out, Value.Obj document) {
        out.println(new String(new JacksonJson().pretty(document), StandardCharsets.UTF_8));
    }
}

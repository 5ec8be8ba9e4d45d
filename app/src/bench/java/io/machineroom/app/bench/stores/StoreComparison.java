package io.machineroom.app.bench.stores;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Durable appends a second of our spool, SQLite, MVStore, JetStream and a bare file, in turn, round by round, each run in
 * an empty folder; then reading back. Prints tables in Markdown. Arguments: folder, rounds, seconds a run; then, when not all are wanted,
 * bytes of an event and numbers of producers, each separated by commas.
 */
public final class StoreComparison {
    private static final String BODIES = "512,4096";
    private static final String PRODUCERS = "1,8,64";

    private final Path directory;
    private final int rounds;
    private final long seconds;
    private final Map<String, Opening> stores = new LinkedHashMap<>();

    /** Opens a store in an empty folder. */
    private interface Opening {
        DurableStore open(Path directory) throws Exception;
    }

    private StoreComparison(Path directory, int rounds, long seconds) throws IOException, InterruptedException {
        this.directory = directory;
        this.rounds = rounds;
        this.seconds = seconds;
        stores.put("bare file, group commit", BareFile::new);
        stores.put("spool (Chronicle)", OurSpool::new);
        stores.put("SQLite, WAL, FULL", Sqlite::new);
        stores.put("H2 MVStore", Mvstore::new);
        String jetStream = JetStreamFile.syncs() ? "JetStream, sync always" : "JetStream (not durable)";
        stores.put(jetStream, JetStreamFile::new);
    }

    public static void main(String[] args) throws Exception {
        Path directory = Files.createDirectories(Path.of(args[0]));
        System.out.println(JetStreamFile.version());
        new StoreComparison(directory, Integer.parseInt(args[1]), Long.parseLong(args[2]))
                .compare(numbers(args, 3, BODIES), numbers(args, 4, PRODUCERS));
    }

    private static int[] numbers(String[] args, int place, String all) {
        String text = args.length > place ? args[place] : all;
        return Stream.of(text.split(",")).mapToInt(Integer::parseInt).toArray();
    }

    private void compare(int[] bodies, int[] eachProducers) throws Exception {
        for (int body : bodies) {
            for (int producers : eachProducers) {
                Map<String, List<Run>> runs = new LinkedHashMap<>();
                for (int round = 0; round <= rounds; round++) {
                    for (Map.Entry<String, Opening> store : stores.entrySet()) {
                        Run run = run(store.getValue(), body, producers);
                        if (round > 0) {
                            runs.computeIfAbsent(store.getKey(), k -> new ArrayList<>())
                                    .add(run);
                        }
                    }
                    System.err.printf("%d B, %d producers: round %d of %d%n", body, producers, round, rounds);
                }
                table(body, producers, runs);
            }
        }
    }

    private Run run(Opening opening, int body, int producers) throws Exception {
        Path place = Files.createTempDirectory(directory, "run");
        try {
            DurableStore store = opening.open(place);
            try {
                return Run.of(store, body, producers, seconds);
            } finally {
                store.end();
            }
        } finally {
            delete(place);
        }
    }

    private static void delete(Path place) throws IOException {
        try (Stream<Path> files = Files.walk(place)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static void table(int body, int producers, Map<String, List<Run>> runs) {
        System.out.printf(
                "%n%d B, %d %s%n%n| store | durable/s | p50 ms | p99 ms | read/s | bytes allocated an event |%n"
                        + "| --- | --- | --- | --- | --- | --- |%n",
                body, producers, producers == 1 ? "producer" : "producers");
        runs.forEach((name, each) -> System.out.printf(
                Locale.ROOT,
                "| %s | %s | %s | %s | %s | %s |%n",
                name,
                spread(each.stream().map(Run::rate).toList(), "%,.0f"),
                spread(each.stream().map(Run::p50Millis).toList(), "%.2f"),
                spread(each.stream().map(Run::p99Millis).toList(), "%.2f"),
                spread(each.stream().map(Run::readRate).toList(), "%,.0f"),
                spread(each.stream().map(Run::allocated).toList(), "%,.0f")));
    }

    private static String spread(List<Double> values, String format) {
        List<Double> sorted = values.stream().sorted().toList();
        return String.format(
                Locale.ROOT,
                format + " [" + format + ".." + format + "]",
                sorted.get(sorted.size() / 2),
                sorted.getFirst(),
                sorted.getLast());
    }
}

package io.machineroom.examples.demo;

import io.machineroom.app.codec.JacksonJson;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * Measures the packaged agent: time and processor time from its start until it is linked to the SaaS over
 * TLS, and resident memory after eight idle seconds. Prints median and spread of each, and what the memory
 * of the last run is made of.
 *
 * <p>Arguments: {@code --dist FOLDER --agent JAR --dir FOLDER [--runs N] [--no-cache]}.
 */
public final class Footprint {
    private static final Duration IDLE = Duration.ofSeconds(8);

    private Footprint() {}

    public static void main(String[] args) throws Exception {
        List<String> given = List.of(args);
        Path directory = Files.createDirectories(Path.of(value(given, "--dir", "")));
        Workshop shop = new Workshop(
                directory,
                Path.of(value(given, "--dist", "")),
                Path.of(value(given, "--agent", "")),
                new JacksonJson());
        int runs = Integer.parseInt(value(given, "--runs", "9"));
        measure(shop, runs, !given.contains("--no-cache"), System.out);
    }

    private static void measure(Workshop shop, int runs, boolean cache, PrintStream out) throws Exception {
        Saas saas = new Saas(shop, true);
        saas.awaitUp();
        Node node = new Node(shop, saas, "bench1", Map.of("registration.interval", "5m", "status.interval", "1s"));
        saas.token(node.token());
        if (cache) {
            node.environment()
                    .put("MACHINE_ROOM_CACHE", shop.directory().resolve("cache").toString());
        }
        node.start();
        Workshop.await("enrolled", IDLE.multipliedBy(5), () -> node.link().equals("nats"));
        if (cache) {
            Workshop.await("the start-up cache is written", Duration.ofSeconds(60), () -> cached(shop));
        }
        starts(node, runs, out);
        node.stop();
        saas.stop();
    }

    /** Starts the enrolled agent again and again, and prints what was seen. */
    private static void starts(Node node, int runs, PrintStream out) throws Exception {
        List<Double> ready = new ArrayList<>();
        List<Double> resident = new ArrayList<>();
        List<Double> anonymous = new ArrayList<>();
        List<Double> cpu = new ArrayList<>();
        for (int i = 0; i < runs; i++) {
            node.stop();
            long logged = Files.size(node.log());
            long start = System.nanoTime();
            node.start();
            while (!linked(node, logged)) {
                LockSupport.parkNanos(2_000_000);
            }
            ready.add((System.nanoTime() - start) / 1e6);
            cpu.add(cpuMillis(node.pid()));
            LockSupport.parkNanos(IDLE.toNanos());
            resident.add(memory(node.pid(), "VmRSS:"));
            anonymous.add(memory(node.pid(), "RssAnon:"));
            out.printf(
                    Locale.ROOT,
                    "run %d: ready %.0f ms, %.0f ms of processor time, resident %.1f MB%n",
                    i + 1,
                    ready.getLast(),
                    cpu.getLast(),
                    resident.getLast());
        }
        report(out, "ready, ms", ready);
        report(out, "processor time, ms", cpu);
        report(out, "resident, MB", resident);
        report(out, "of it anonymous, MB", anonymous);
        Mapped.of(node.pid()).forEach((kind, size) -> out.printf(Locale.ROOT, "  %-30s %5.1f MB%n", kind, size));
    }

    /** Whether the agent has said since then that its link is up; its status file would say so a second late. */
    private static boolean linked(Node node, long since) throws IOException {
        node.mustLive();
        byte[] log = Files.readAllBytes(node.log());
        return new String(log, (int) since, log.length - (int) since, StandardCharsets.UTF_8)
                .contains("link over nats");
    }

    private static boolean cached(Workshop shop) throws IOException {
        Path folder = shop.directory().resolve("cache");
        if (!Files.isDirectory(folder)) {
            return false;
        }
        try (var files = Files.list(folder)) {
            return files.anyMatch(f -> f.toString().endsWith(".aot"));
        }
    }

    static double memory(long pid, String line) throws IOException {
        for (String text : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
            if (text.startsWith(line)) {
                return Double.parseDouble(text.replaceAll("[^0-9]", "")) / 1024;
            }
        }
        return Double.NaN;
    }

    /** Of all its threads until now, in the kernel's ticks of 10 ms. */
    static double cpuMillis(long pid) {
        return ProcessHandle.of(pid)
                .flatMap(process -> process.info().totalCpuDuration())
                .map(time -> time.toNanos() / 1e6)
                .orElse(Double.NaN);
    }

    static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }

    private static void report(PrintStream out, String what, List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        out.printf(
                Locale.ROOT,
                "%-22s median %.1f [%.1f..%.1f] of %d%n",
                what,
                median(values),
                sorted.getFirst(),
                sorted.getLast(),
                sorted.size());
    }

    static String value(List<String> args, String name, String fallback) {
        int at = args.indexOf(name);
        return at < 0 || at + 1 >= args.size() ? fallback : args.get(at + 1);
    }
}

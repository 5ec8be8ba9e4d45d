package io.machineroom.examples.demo;

import io.machineroom.app.codec.JacksonJson;
import io.machineroom.examples.demo.light.LightLoad;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Measures one leader with many light nodes: memory and processor time of leader and broker while nodes send, how long it takes
 * until all have what was deployed, and until all are back after the broker was killed. The light nodes live in a process of their own.
 *
 * <p>Arguments: {@code --dist FOLDER --agent JAR --dir FOLDER --nodes N [--interval SECONDS]}.
 */
public final class SiteLoad {
    private static final Duration ENROLMENT = Duration.ofMinutes(20);
    private static final Duration WINDOW = Duration.ofSeconds(30);
    private static final Duration DEPLOYED = Duration.ofMinutes(15);
    private static final Duration BACK = Duration.ofMinutes(5);

    private final Workshop shop;
    private final int nodes;
    private final String interval;
    private final PrintStream out;
    private volatile long[] last = new long[7];

    private SiteLoad(Workshop shop, int nodes, String interval, PrintStream out) {
        this.shop = shop;
        this.nodes = nodes;
        this.interval = interval;
        this.out = out;
    }

    /** The command line. */
    public static void main(String[] args) throws Exception {
        List<String> given = List.of(args);
        Path directory = Files.createDirectories(Path.of(value(given, "--dir", "")));
        Workshop shop = new Workshop(
                directory,
                Path.of(value(given, "--dist", "")),
                Path.of(value(given, "--agent", "")),
                new JacksonJson());
        Runtime.getRuntime().addShutdownHook(new Thread(shop::endEverybody));
        int nodes = Integer.parseInt(value(given, "--nodes", "1000"));
        new SiteLoad(shop, nodes, value(given, "--interval", "60"), System.out).measure();
        System.exit(0);
    }

    private static String value(List<String> args, String name, String otherwise) {
        int at = args.indexOf(name);
        return at < 0 ? otherwise : args.get(at + 1);
    }

    private void measure() throws Exception {
        Saas saas = new Saas(shop, true);
        saas.awaitUp();
        int gateway = Workshop.freePort();
        saas.site("leader.hq", Workshop.freePort(), gateway);
        Node leader = new Node(shop, saas, "leader.hq", Map.of("site.listen", "127.0.0.1"));
        saas.token(leader.token());
        leader.start();
        Workshop.await(
                "the leader's site is up",
                Duration.ofSeconds(60),
                () -> leader.leads().bool("linked").orElse(false)
                        && leader.leads().bool("uplink").orElse(false));
        show("leader alone", costs(saas, leader), Map.of());
        Process load = load(saas, gateway);
        try (BufferedReader told = load.inputReader(StandardCharsets.UTF_8)) {
            enrolled(told);
            Thread.ofPlatform().daemon().start(() -> follow(told));
            await(BACK, "all are connected", () -> last[0] == nodes);
            quiet(saas, leader);
            load.outputWriter(StandardCharsets.UTF_8).append("speak\n").flush();
            busy(saas, leader);
            deploy(saas, "1.0.0");
            deploy(saas, "2.0.0");
            kill(leader);
        } finally {
            load.destroyForcibly();
            leader.stop();
            saas.stop();
        }
    }

    private Process load(Saas saas, int gateway) throws IOException, InterruptedException {
        Path token = shop.directory().resolve("light.jwt");
        saas.followerToken(token);
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx3g",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                LightLoad.class.getName(),
                "https://127.0.0.1:" + gateway,
                token.toString(),
                "light",
                Integer.toString(nodes),
                Integer.toString(Math.max(2, nodes / 500)),
                interval));
        Stream.of(saas.authorities()).map(Path::toString).forEach(command::add);
        return new ProcessBuilder(command)
                .redirectError(shop.directory().resolve("load.log").toFile())
                .start();
    }

    private void enrolled(BufferedReader told) throws IOException {
        long begin = System.nanoTime();
        for (String line = told.readLine(); !"ready".equals(line); line = told.readLine()) {
            if (line == null || System.nanoTime() - begin > ENROLMENT.toNanos()) {
                throw new StoryFailed("the light nodes did not enrol; see load.log");
            }
            out.println("  " + line);
        }
        out.printf(
                Locale.ROOT,
                "%d nodes enrolled through the leader in %.0f s%n",
                nodes,
                (System.nanoTime() - begin) / 1e9);
    }

    private void follow(BufferedReader told) {
        try {
            for (String line = told.readLine(); line != null; line = told.readLine()) {
                last = Stream.of(line.split(" ")).mapToLong(Long::parseLong).toArray();
            }
        } catch (IOException e) {
            out.println("the load ended: " + e.getMessage());
        }
    }

    /** Connected, and nothing sent. */
    private void quiet(Saas saas, Node leader) throws IOException {
        Map<String, Long> before = costs(saas, leader);
        LockSupport.parkNanos(WINDOW.toNanos());
        show(nodes + " nodes idle", costs(saas, leader), before);
    }

    private void busy(Saas saas, Node leader) throws IOException {
        LockSupport.parkNanos(Duration.ofSeconds(5).toNanos());
        Map<String, Long> before = costs(saas, leader);
        long[] then = last;
        LockSupport.parkNanos(WINDOW.toNanos());
        long[] now = last;
        show(nodes + " nodes, an event each " + interval + " s", costs(saas, leader), before);
        out.printf(
                Locale.ROOT,
                "  %.0f events/s made, %.0f/s with a receipt, %,d wait%n",
                (now[2] - then[2]) / (double) WINDOW.toSeconds(),
                (now[4] - then[4]) / (double) WINDOW.toSeconds(),
                now[5]);
    }

    /** From the end of the command until every node has the archive. */
    private void deploy(Saas saas, String version) throws Exception {
        long before = last[6];
        Path plugin = SiteDemo.greeter(shop.directory(), version);
        long begin = System.nanoTime();
        saas.release(plugin, version);
        long deployed = System.nanoTime();
        for (int percent : new int[] {50, 99, 100}) {
            await(DEPLOYED, "all have it", () -> (last[6] - before) * 100 >= (long) nodes * percent);
            out.printf(
                    Locale.ROOT,
                    "%s deployed: %d %% of %d nodes have it after %.1f s (packing, signing and deploying took %.1f s)%n",
                    version,
                    percent,
                    nodes,
                    (System.nanoTime() - deployed) / 1e9,
                    (deployed - begin) / 1e9);
        }
    }

    private void kill(Node leader) throws Exception {
        long tries = last[1];
        ProcessHandle broker = broker(leader);
        broker.destroyForcibly();
        broker.onExit().join();
        long begin = System.nanoTime();
        await(BACK, "the cut is seen", () -> last[0] < nodes);
        await(BACK, "all are back", () -> last[0] == nodes);
        double seconds = (System.nanoTime() - begin) / 1e9;
        out.printf(
                Locale.ROOT,
                "broker killed: all %d back after %.1f s, %,d connections tried, %.0f a second%n",
                nodes,
                seconds,
                last[1] - tries,
                (last[1] - tries) / seconds);
        await(BACK, "what waited is stored", () -> last[5] < nodes / 10 + 10);
        out.printf(Locale.ROOT, "what waited is stored after %.1f s%n", (System.nanoTime() - begin) / 1e9);
    }

    private static ProcessHandle broker(Node leader) {
        return ProcessHandle.of(leader.pid()).stream()
                .flatMap(ProcessHandle::descendants)
                .filter(child -> child.info().command().orElse("").endsWith("nats-server"))
                .findFirst()
                .orElseThrow();
    }

    private interface Condition {
        boolean holds();
    }

    private static void await(Duration patience, String what, Condition condition) {
        long end = System.nanoTime() + patience.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() > end) {
                throw new StoryFailed("waited " + patience.toSeconds() + " s in vain: " + what);
            }
            LockSupport.parkNanos(50_000_000);
        }
    }

    /** Milliseconds of processor time until now. */
    private static Map<String, Long> costs(Saas saas, Node leader) {
        Map<String, Long> all = new LinkedHashMap<>();
        all.put("leader " + leader.pid(), millis(leader.pid()));
        long broker = broker(leader).pid();
        all.put("site's nats-server " + broker, millis(broker));
        all.put("backplane " + saas.pid(), millis(saas.pid()));
        all.put("SaaS's nats-server " + saas.natsPid(), millis(saas.natsPid()));
        return all;
    }

    private static long millis(long pid) {
        return Math.round(Footprint.cpuMillis(pid));
    }

    private void show(String what, Map<String, Long> now, Map<String, Long> before) throws IOException {
        out.println(what);
        for (Map.Entry<String, Long> each : now.entrySet()) {
            String name = each.getKey().substring(0, each.getKey().lastIndexOf(' '));
            long pid = Long.parseLong(each.getKey().substring(each.getKey().lastIndexOf(' ') + 1));
            Long then = before.get(each.getKey());
            String share = then == null
                    ? ""
                    : String.format(
                            Locale.ROOT,
                            ", %.1f %% of one core",
                            (each.getValue() - then) / (WINDOW.toMillis() / 100.0));
            out.printf(Locale.ROOT, "  %-20s resident %.0f MB%s%n", name, Footprint.memory(pid, "VmRSS:"), share);
        }
    }
}

package io.machineroom.examples.demo;

import io.machineroom.app.crypto.BouncyCertificateIssuer;
import io.machineroom.app.crypto.PinnedTls;
import io.machineroom.app.host.RehearsalBroker;
import io.machineroom.app.host.SystemRuntime;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Measures what each part of an agent costs by itself: memory and processor time of a JVM with the launcher's
 * options that uses one part, over one that uses none. Without the start-up cache, so that a part's classes
 * count with it. The runs of all parts take turns.
 *
 * <p>Arguments: {@code --dist FOLDER --dir FOLDER [--runs N]}.
 */
public final class Shares {
    private static final Duration VALIDITY = Duration.ofDays(1);

    private Shares() {}

    public static void main(String[] args) throws Exception {
        List<String> given = List.of(args);
        Path directory = Files.createDirectories(Path.of(Footprint.value(given, "--dir", "")));
        Path options = Path.of(Footprint.value(given, "--dist", "")).resolve("jvm");
        int runs = Integer.parseInt(Footprint.value(given, "--runs", "5"));
        SystemRuntime runtime = new SystemRuntime();
        BouncyCertificateIssuer issuer = new BouncyCertificateIssuer(runtime, runtime);
        String pin = issuer.makeAuthority(directory, "shares", VALIDITY);
        issuer.issueServer(directory, directory, List.of("127.0.0.1"), VALIDITY);
        Map<Part, List<Cost>> costs = new EnumMap<>(Part.class);
        for (int run = 0; run < runs; run++) {
            for (Part part : Part.values()) {
                Path folder = Files.createDirectories(directory.resolve(part + "-" + run));
                try (RehearsalBroker broker = RehearsalBroker.open(
                        new PinnedTls().server(directory.resolve("server.pem"), directory.resolve("server.key")))) {
                    Cost cost = use(part, folder, options, "tls://127.0.0.1:" + broker.port(), pin);
                    costs.computeIfAbsent(part, p -> new ArrayList<>()).add(cost);
                }
            }
        }
        report(costs, System.out);
    }

    private static Cost use(Part part, Path folder, Path options, String server, String pin)
            throws IOException, InterruptedException {
        List<String> command = List.of(
                System.getProperty("java.home") + "/bin/java",
                "@" + options.resolve("access.options"),
                "@" + options.resolve("agent.options"),
                "-cp",
                System.getProperty("java.class.path"),
                Part.class.getName(),
                part.name(),
                folder.toString(),
                server,
                pin);
        String[] printed = Program.run(folder.resolve("part.log"), Map.of("MALLOC_ARENA_MAX", "2"), command)
                .strip()
                .split(" ");
        return new Cost(
                Long.parseLong(printed[0]) / 1024.0, Long.parseLong(printed[1]) / 1024.0, Long.parseLong(printed[2]));
    }

    private static void report(Map<Part, List<Cost>> costs, PrintStream out) {
        Cost bare = median(costs.getOrDefault(Part.BARE, List.of()));
        costs.forEach((part, all) -> {
            Cost cost = part == Part.BARE ? median(all) : median(all).over(bare);
            out.printf(
                    Locale.ROOT,
                    "%-72s %s%5.1f MB resident, %5.1f anonymous, %4.0f ms of processor time%n",
                    part.title(),
                    part == Part.BARE ? " " : "+",
                    cost.resident(),
                    cost.anonymous(),
                    cost.cpuMillis());
        });
    }

    private static Cost median(List<Cost> all) {
        return new Cost(
                Footprint.median(all.stream().map(Cost::resident).toList()),
                Footprint.median(all.stream().map(Cost::anonymous).toList()),
                Footprint.median(all.stream().map(Cost::cpuMillis).toList()));
    }

    private record Cost(double resident, double anonymous, double cpuMillis) {
        Cost over(Cost bare) {
            return new Cost(resident - bare.resident, anonymous - bare.anonymous, cpuMillis - bare.cpuMillis);
        }
    }
}

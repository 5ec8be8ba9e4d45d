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
import java.util.Map;

/**
 * Kills the product's real processes at random under load, puts its broker back in time, and balances the books. Exit
 * code 0 only if nothing was lost, repeated, out of order or strange, and the ledger balances.
 *
 * <p>Arguments: {@code --dist FOLDER --agent JAR --dir FOLDER [--minutes N] [--seed S] [--nodes N] [--age SECONDS]
 * [--json]}.
 */
public final class Soak {
    private static final Duration SOON = Duration.ofSeconds(90);

    private Soak() {}

    public static void main(String[] args) throws Exception {
        List<String> given = List.of(args);
        Path directory = Files.createDirectories(Path.of(value(given, "--dir", "")));
        Workshop shop = new Workshop(
                directory.toAbsolutePath(),
                Path.of(value(given, "--dist", "")),
                Path.of(value(given, "--agent", "")),
                new JacksonJson());
        int nodes = Integer.parseInt(value(given, "--nodes", "3"));
        SoakPlan plan = SoakPlan.of(
                Long.parseLong(value(given, "--seed", Long.toString(System.nanoTime()))),
                Duration.ofMinutes(Long.parseLong(value(given, "--minutes", "10"))),
                Duration.ofSeconds(Long.parseLong(value(given, "--age", "120"))),
                nodes);
        boolean json = given.contains("--json");
        System.exit(play(shop, plan, nodes, json) ? 0 : 1);
    }

    private static String value(List<String> args, String name, String otherwise) {
        int at = args.indexOf(name);
        if (at >= 0 && at + 1 < args.size()) {
            return args.get(at + 1);
        }
        if (otherwise.isEmpty()) {
            throw new IllegalArgumentException(name + " is needed");
        }
        return otherwise;
    }

    private static boolean play(Workshop shop, SoakPlan plan, int count, boolean json) throws Exception {
        PrintStream out = json ? System.err : System.out;
        out.println("Seed " + plan.seed() + "; again with --seed " + plan.seed() + ". Everything is written to "
                + shop.directory());
        Saas saas = new Saas(shop, true);
        List<Node> nodes = new ArrayList<>();
        // also after Ctrl-C and after a failure: nobody goes on without us
        Runtime.getRuntime().addShutdownHook(new Thread(shop::endEverybody));
        try {
            saas.awaitUp();
            for (int i = 1; i <= count; i++) {
                nodes.add(enrolled(shop, saas, "soak" + i));
            }
            SoakReport report = new SoakRun(shop, saas, nodes, plan, out).play();
            out.print(report.text());
            if (json) {
                System.out.println(new String(shop.json().write(report.document()), StandardCharsets.UTF_8));
            }
            return report.good() && saas.stop();
        } catch (StoryFailed e) {
            out.println("FAILED: " + e.getMessage());
            for (Node node : nodes) {
                out.println(node.name() + "'s log:\n" + Program.tail(node.log()));
            }
            return false;
        }
    }

    private static Node enrolled(Workshop shop, Saas saas, String name) throws Exception {
        Node node = new Node(shop, saas, name, Map.of());
        saas.token(node.token());
        node.start();
        Workshop.await(name + " is linked", SOON, () -> linked(node));
        return node;
    }

    private static boolean linked(Node node) throws IOException {
        return node.mode().equals("provisioned") && node.link().equals("nats");
    }
}

package io.machineroom.examples.demo;

import io.machineroom.app.codec.JacksonJson;
import io.machineroom.ports.data.Value;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Plays the whole product on this machine, in real processes, and checks its books. Exit code 0 only if
 * every step held and nothing was lost or repeated.
 *
 * <p>Arguments: {@code --dist FOLDER --agent JAR --dir FOLDER [--site] [--no-nats] [--keep]}.
 */
public final class Demo {
    private static final int ENOUGH = 20_000;

    private Demo() {}

    public static void main(String[] args) throws Exception {
        List<String> given = List.of(args);
        Path directory = Files.createDirectories(Path.of(value(given, "--dir")));
        Workshop shop = new Workshop(
                directory, Path.of(value(given, "--dist")), Path.of(value(given, "--agent")), new JacksonJson());
        boolean good = given.contains("--site")
                ? new SiteDemo(shop, System.out, 300, Duration.ofSeconds(45)).play()
                : play(shop, !given.contains("--no-nats"), given.contains("--keep"), System.out);
        System.exit(good ? 0 : 1);
    }

    private static String value(List<String> args, String name) {
        int at = args.indexOf(name);
        if (at < 0 || at + 1 >= args.size()) {
            throw new IllegalArgumentException(name + " is needed");
        }
        return args.get(at + 1);
    }

    private static boolean play(Workshop shop, boolean nats, boolean keep, PrintStream out) throws Exception {
        out.println("Everything is written to " + shop.directory());
        if (!nats) {
            out.println("There is no nats-server here: HTTPS only.");
        }
        Saas saas = new Saas(shop, nats);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> quietly(saas)));
        saas.awaitUp();
        Node node = new Node(shop, saas, "node1.demo", Map.of());
        saas.token(node.token());
        node.start();
        Story story = new Story(shop, saas, node, nats, out);
        Program follower = saas.follow(story.followFile());
        try {
            story.tell();
            if (keep) {
                Invitation.print(shop, saas, node, out);
                node.mustLive();
                new java.util.concurrent.CountDownLatch(1).await();
            }
            story.step("stream ended, agent stopped", () -> story.quiet(ENOUGH));
            return settle(shop, saas, node, story, out);
        } catch (StoryFailed e) {
            out.println("FAILED: " + e.getMessage());
            out.println("agent log:\n" + Program.tail(node.log()));
            return false;
        } finally {
            follower.kill();
            node.kill();
            node.endService();
        }
    }

    private static boolean settle(Workshop shop, Saas saas, Node node, Story story, PrintStream out) throws Exception {
        Books books = Books.compare(shop, saas.everything(), node.lines(".accepted"), node.lines(".planned"));
        out.println();
        for (String[] row : story.table()) {
            out.printf(Locale.ROOT, "  %-48s %s%n", row[0], row[1]);
        }
        out.printf(
                Locale.ROOT,
                """

                  the node's own books           %,d events accepted of %,d planned
                  the SaaS shows                 %,d of them (%,d events of every kind)
                  lost %d · repeated %d · out of order %d · never planned %d

                  ledger, as the SaaS keeps it:
                """,
                books.accepted(),
                books.planned(),
                books.seen(),
                books.all(),
                books.lost(),
                books.repeated(),
                books.disordered(),
                books.strange());
        boolean even = ledger(saas, out);
        String fault = !books.balanced()
                ? "what was accepted and what the SaaS shows differ"
                : !even ? "a row of the ledger is uneven" : books.accepted() < ENOUGH ? "too few events flowed" : "";
        out.println();
        out.println(
                fault.isEmpty()
                        ? "Everything held: nothing lost, nothing repeated."
                        : "NOT everything held: " + fault + ".");
        return fault.isEmpty();
    }

    /** Prints the ledger; true when each row is created = stored, but for an inventory that a later one stands for. */
    static boolean ledger(Saas saas, PrintStream out) throws Exception {
        boolean even = true;
        for (Value.Obj row : saas.ledger()) {
            Ledger line = Ledger.of(List.of(row));
            even &= line.balanced() && line.dropped() == 0;
            out.printf(
                    Locale.ROOT,
                    "  %s epoch %s %s: created %,d = stored %,d + superseded %,d + dropped %,d + waiting %,d + unknown %,d%n",
                    row.text("identity").orElse(""),
                    row.whole("ordinal").map(Object::toString).orElse("?"),
                    row.text("lane").orElse(""),
                    line.created(),
                    line.stored(),
                    line.voids() - line.dropped(),
                    line.dropped(),
                    line.waiting(),
                    line.unknown());
        }
        return even;
    }

    private static void quietly(Saas saas) {
        try {
            saas.stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

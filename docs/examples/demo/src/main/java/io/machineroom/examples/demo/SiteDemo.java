package io.machineroom.examples.demo;

import io.machineroom.examples.demo.light.LightCrowd;
import io.machineroom.ports.data.Value;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** Plays a whole site on this machine: SaaS, leader and followers as real processes, and light nodes. */
final class SiteDemo {
    private static final int FOLLOWERS = 3;
    private static final int SUBMITTERS = 2;
    private static final int BEAT = 4;

    private final Workshop shop;
    private final PrintStream out;
    private final int light;
    private final Duration outage;

    /**
     * A demonstration.
     *
     * @param light how many light nodes
     * @param outage how long the line stays cut before the leader is killed
     */
    SiteDemo(Workshop shop, PrintStream out, int light, Duration outage) {
        this.shop = shop;
        this.out = out;
        this.light = light;
        this.outage = outage;
    }

    /** True when every step held, and the books balance. */
    boolean play() throws Exception {
        out.println("Everything is written to " + shop.directory());
        Saas saas = new Saas(shop, true);
        Runtime.getRuntime().addShutdownHook(new Thread(shop::endEverybody));
        saas.awaitUp();
        int gateway = Workshop.freePort();
        saas.site("leader.hq", Workshop.freePort(), gateway);
        Node leader = new Node(shop, saas, "leader.hq", Map.of("site.listen", "127.0.0.1"));
        saas.token(leader.token());
        leader.start();
        SiteStory.Cast cast =
                new SiteStory.Cast(shop, saas, leader, followers(saas), new LightCrowd(saas.authorities()));
        SiteStory story = new SiteStory(cast, URI.create("https://127.0.0.1:" + gateway), out);
        try {
            story.tell(light, outage);
            return settle(cast, story);
        } catch (StoryFailed e) {
            out.println("FAILED: " + e.getMessage());
            out.println("leader's log:\n" + Program.tail(leader.log()));
            out.println("first follower's log:\n"
                    + Program.tail(cast.followers().getFirst().log()));
            out.println("light nodes, last trouble: " + cast.crowd().lastTrouble());
            return false;
        } finally {
            end(cast);
        }
    }

    private List<Node> followers(Saas saas) throws Exception {
        List<Node> followers = new ArrayList<>();
        for (int i = 1; i <= FOLLOWERS; i++) {
            Node follower = new Node(shop, saas, "follower" + i + ".hq", Map.of());
            saas.followerToken(follower.token());
            Submitters.write(follower, SUBMITTERS, BEAT);
            followers.add(follower);
        }
        return followers;
    }

    private static void end(SiteStory.Cast cast) throws InterruptedException {
        cast.crowd().stop();
        for (Node node : Stream.concat(cast.followers().stream(), Stream.of(cast.leader()))
                .filter(Node::alive)
                .toList()) {
            node.kill();
        }
        cast.saas().stop();
    }

    private boolean settle(SiteStory.Cast cast, SiteStory story) throws Exception {
        List<String> accepted = new ArrayList<>();
        List<String> planned = new ArrayList<>();
        for (Node follower : cast.followers()) {
            accepted.addAll(follower.lines(".accepted"));
            planned.addAll(follower.lines(".planned"));
        }
        Books books = Books.compare(shop, cast.saas().everything(), accepted, planned);
        Ledger ledger = Ledger.of(cast.saas().ledger());
        LightCrowd crowd = cast.crowd();
        long stored = light(cast.saas());
        out.println();
        for (String[] row : story.table()) {
            out.printf(Locale.ROOT, "  %-52s %s%n", row[0], row[1]);
        }
        out.print("\n" + ledger.beside(books));
        out.printf(
                Locale.ROOT,
                "  light nodes                %,d events made, %,d stored, %,d without a receipt%n%n",
                crowd.createdEvents(),
                stored,
                crowd.waiting());
        boolean good = books.balanced()
                && books.accepted() > 500
                && ledger.balanced()
                && ledger.dropped() == 0
                && stored == crowd.createdEvents()
                && crowd.waiting() == 0;
        out.println(good ? "Everything held: nothing lost, nothing repeated." : "NOT everything held.");
        return good;
    }

    /** Events of light nodes in the ledger. */
    private static long light(Saas saas) throws IOException, InterruptedException {
        long sum = 0;
        for (Value.Obj row : saas.ledger()) {
            if (row.text("identity").orElse("").startsWith("light")) {
                sum += row.whole("stored").orElse(0L);
            }
        }
        return sum;
    }

    /** Waits no longer than that for anything. */
    static final Duration SOON = Duration.ofSeconds(90);

    /** The folder of a version of a machine that does nothing; the status shows which version runs. */
    static Path greeter(Path parent, String version) throws IOException {
        Path folder =
                Files.createDirectories(parent.resolve("greeter-" + version).resolve("greeter"));
        Files.writeString(folder.resolve("machine.yaml"), """
                name: greeter
                version: %s
                initial_state: GREET
                transitions:
                  - {name: greeted, from: [GREET], destination: GREET}
                watchers:
                  - name: greet
                    type: exec
                    interval: 2s
                    success_transition: greeted
                    properties: {command: "true", timeout: 5s, suppress_success_announce: true}
                """.formatted(version));
        return folder;
    }
}

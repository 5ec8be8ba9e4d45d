package io.machineroom.examples.demo;

import io.machineroom.examples.demo.light.LightCrowd;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** The steps of the demonstration of a site. Each throws when it does not hold. */
final class SiteStory {
    private static final Duration SOON = SiteDemo.SOON;

    private final Cast cast;
    private final URI gateway;
    private final PrintStream out;
    private final List<String[]> table = new ArrayList<>();
    private final long began = System.nanoTime();

    /** Who plays. */
    record Cast(Workshop shop, Saas saas, Node leader, List<Node> followers, LightCrowd crowd) {}

    SiteStory(Cast cast, URI gateway, PrintStream out) {
        this.cast = cast;
        this.gateway = gateway;
        this.out = out;
    }

    void tell(int light, Duration outage) throws Exception {
        step("leader enrolled, its broker runs", this::lead);
        step("followers enrolled through the leader", this::follow);
        step(light + " light nodes enrolled and connected", () -> crowd(light));
        step("v1 deployed to all followers", () -> deploy("1.0.0"));
        step("line cut: the site works on", () -> cut(outage));
        step("leader killed with -9 while the line is cut", this::kill);
        step("leader stopped, its broker's data lost, started", this::lose);
        step("line back: everything arrives", this::mend);
        step("v2 deployed", () -> deploy("2.0.0"));
        step("quiet: every event has its receipt", this::quiet);
    }

    List<String[]> table() {
        return table;
    }

    private String lead() throws Exception {
        Node leader = cast.leader();
        Workshop.await("the leader is provisioned", SOON, () -> leader.mode().equals("provisioned"));
        awaitBroker();
        Workshop.await(
                "the line is up", SOON, () -> leader.leads().bool("uplink").orElse(false));
        return "the broker of site hq runs as a child of " + leader.name();
    }

    private void awaitBroker() throws Exception {
        Node leader = cast.leader();
        Workshop.await(
                "the site's broker runs and the leader is linked to it",
                SOON,
                () -> leader.leads().text("broker").orElse("").equals("running")
                        && leader.leads().bool("linked").orElse(false));
    }

    private String follow() throws Exception {
        for (Node follower : cast.followers()) {
            follower.start();
        }
        for (Node follower : cast.followers()) {
            Workshop.await(
                    follower.name() + " is linked over nats",
                    SOON,
                    () -> follower.mode().equals("provisioned")
                            && follower.link().equals("nats"));
        }
        return cast.followers().size() + " followers speak to the leader only";
    }

    private String crowd(int light) throws Exception {
        Path token = cast.shop().directory().resolve("light.jwt");
        cast.saas().followerToken(token);
        long start = System.nanoTime();
        cast.crowd().enrol(gateway, Files.readString(token).strip(), "light", light, done -> {
            if (done % 100 == 0) {
                out.printf(Locale.ROOT, "%6.1f s    %d enrolled%n", seconds(), done);
            }
        });
        double enrolled = (System.nanoTime() - start) / 1e9;
        cast.crowd().start(Duration.ofSeconds(3), Duration.ofSeconds(5));
        cast.crowd().speak(true);
        Workshop.await("all light nodes are connected", SOON, () -> cast.crowd().connectedNow() == light);
        Workshop.await("receipts come", SOON, () -> cast.crowd().receiptedEvents() > light);
        return String.format(Locale.ROOT, "enrolled in %.1f s, events flow", enrolled);
    }

    private String deploy(String version) throws Exception {
        Path folder = SiteDemo.greeter(cast.shop().directory(), version);
        cast.saas().release(folder, version);
        long start = System.nanoTime();
        for (Node follower : cast.followers()) {
            Workshop.await(
                    "greeter " + version + " runs on " + follower.name(),
                    SOON,
                    () -> follower.machine("greeter").equals(version));
        }
        return String.format(
                Locale.ROOT, "greeter %s runs on all after %.1f s", version, (System.nanoTime() - start) / 1e9);
    }

    private String cut(Duration outage) throws Exception {
        cast.saas().https().cut();
        cast.saas().nats().cut();
        Workshop.await(
                "the leader sees that the line is down",
                SOON,
                () -> !cast.leader().leads().bool("uplink").orElse(true));
        long before = cast.crowd().createdEvents();
        for (long end = System.nanoTime() + outage.toNanos(); System.nanoTime() < end; ) {
            LockSupport.parkNanos(Duration.ofSeconds(5).toNanos());
            out.printf(
                    Locale.ROOT,
                    "%6.1f s    line down; %,d events wait at the site, %,d light events without a receipt%n",
                    seconds(),
                    cast.leader().leads().whole("waiting").orElse(-1L),
                    cast.crowd().waiting());
        }
        for (Node follower : cast.followers()) {
            if (!follower.machine("greeter").equals("1.0.0") || !follower.link().equals("nats")) {
                throw new StoryFailed(follower.name() + " lost its machine or its link while the line was cut");
            }
        }
        return String.format(
                Locale.ROOT, "%,d light events made meanwhile", cast.crowd().createdEvents() - before);
    }

    private String kill() throws Exception {
        cast.leader().kill();
        endBroker();
        long start = System.nanoTime();
        cast.leader().start();
        awaitBroker();
        Workshop.await(
                "all light nodes are back",
                SOON,
                () -> cast.crowd().connectedNow() == cast.crowd().size());
        return String.format(
                Locale.ROOT,
                "%d light nodes back after %.1f s",
                cast.crowd().size(),
                (System.nanoTime() - start) / 1e9);
    }

    /** A kill of the leader leaves its child; the machine that dies takes both. */
    private void endBroker() {
        cast.shop().leftovers().stream()
                .filter(process -> process.info().command().orElse("").endsWith("nats-server"))
                .filter(process -> process.info()
                        .commandLine()
                        .orElse("")
                        .contains(cast.leader().home().toString()))
                .forEach(process -> {
                    process.destroyForcibly();
                    process.onExit().join();
                });
    }

    private String lose() throws Exception {
        if (!cast.leader().stop()) {
            throw new StoryFailed("the leader did not stop within 20 s of SIGTERM");
        }
        Path store = cast.leader().home().resolve("state/site/nats/store");
        long bytes = delete(store);
        cast.leader().start();
        awaitBroker();
        Workshop.await(
                "all light nodes are back",
                SOON,
                () -> cast.crowd().connectedNow() == cast.crowd().size());
        return String.format(
                Locale.ROOT, "%,d bytes of the site's streams are gone; the nodes hold their events", bytes);
    }

    private static long delete(Path folder) throws IOException {
        long bytes = 0;
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                bytes += Files.isRegularFile(path) ? Files.size(path) : 0;
                Files.delete(path);
            }
        }
        return bytes;
    }

    private String mend() throws Exception {
        cast.saas().https().mend();
        cast.saas().nats().mend();
        long start = System.nanoTime();
        Workshop.await(
                "the line is up",
                SOON,
                () -> cast.leader().leads().bool("uplink").orElse(false));
        Workshop.await(
                "the backlog is at the SaaS",
                SOON,
                () -> cast.crowd().waiting() < cast.crowd().size());
        return String.format(Locale.ROOT, "drained after %.1f s", (System.nanoTime() - start) / 1e9);
    }

    private String quiet() throws Exception {
        cast.crowd().speak(false);
        for (Node follower : cast.followers()) {
            follower.silence();
        }
        Workshop.await(
                "all light events have receipts", SOON, () -> cast.crowd().waiting() == 0);
        for (Node follower : cast.followers()) {
            Workshop.await(
                    "all events of " + follower.name() + " are stored",
                    SOON,
                    () -> follower.waiting() >= 0 && follower.waiting() < 20);
            if (!follower.stop()) {
                throw new StoryFailed(follower.name() + " did not stop within 20 s of SIGTERM");
            }
        }
        if (!cast.leader().stop()) {
            throw new StoryFailed("the leader did not stop within 20 s of SIGTERM");
        }
        return cast.crowd().createdEvents() + " light events made and receipted";
    }

    private double seconds() {
        return (System.nanoTime() - began) / 1e9;
    }

    private void step(String name, Story.Step body) throws Exception {
        out.printf(Locale.ROOT, "%6.1f s  %s ...%n", seconds(), name);
        String detail = body.run();
        table.add(new String[] {name, "held", detail});
        out.printf(Locale.ROOT, "%6.1f s    %s%n", seconds(), detail);
    }
}

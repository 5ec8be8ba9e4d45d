package io.machineroom.examples.demo;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The steps of the demonstration, told while they happen. Each throws when it does not hold. */
final class Story {
    private static final Duration SOON = Duration.ofSeconds(40);

    private final Workshop shop;
    private final Saas saas;
    private final Node node;
    private final boolean nats;
    private final PrintStream out;
    private final Path seen;
    private final int servicePort;
    private final List<String[]> table = new ArrayList<>();
    private final long began = System.nanoTime();

    Story(Workshop shop, Saas saas, Node node, boolean nats, PrintStream out) throws IOException {
        this.shop = shop;
        this.saas = saas;
        this.node = node;
        this.nats = nats;
        this.out = out;
        this.seen = shop.directory().resolve("followed.jsonl");
        this.servicePort = Workshop.freePort();
    }

    void tell() throws Exception {
        step("token, enrolment, provisioned", this::enrol);
        step("v1 deployed over the air and healthy", () -> deploy("1.0.0"));
        step("service killed, machine heals it", this::heal);
        if (nats) {
            step("NATS cut, events continue over HTTPS", this::cutNats);
        }
        step("SaaS cut wholly, events spool, machine heals", this::cutAll);
        step("SaaS back, spool drained", this::mend);
        step("v2 deployed", () -> deploy("2.0.0"));
        step("back to v1", () -> deploy("1.0.0"));
        step("tampered list refused, nothing changed", this::tamper);
        step("agent killed with -9 mid-stream, restarted", this::crash);
    }

    List<String[]> table() {
        return table;
    }

    private String enrol() throws Exception {
        Workshop.await("the node is provisioned", SOON, () -> node.mode().equals("provisioned"));
        String way = nats ? "nats" : "https";
        Workshop.await("the node's link is " + way, SOON, () -> node.link().equals(way));
        return "node1.demo is " + node.mode() + ", linked over " + node.link();
    }

    private String deploy(String version) throws Exception {
        Path folder = Keepalive.write(shop.directory(), node.home(), servicePort, version, 150);
        saas.release(folder, version);
        Workshop.await(
                "machine keepalive " + version + " runs",
                SOON,
                () -> node.machine("keepalive").equals(version));
        Workshop.await("its service answers", SOON, node::serviceAnswers);
        return "keepalive " + version + " runs, its web server answers on port " + servicePort;
    }

    private String heal() throws Exception {
        long before = node.servicePid();
        ProcessHandle.of(before).ifPresent(ProcessHandle::destroyForcibly);
        long start = System.nanoTime();
        Workshop.await("the service is healed", SOON, () -> node.servicePid() != before && node.serviceAnswers());
        return String.format(
                Locale.ROOT,
                "process %d killed, process %d answers after %.1f s",
                before,
                node.servicePid(),
                (System.nanoTime() - start) / 1e9);
    }

    private String cutNats() throws Exception {
        saas.nats().cut();
        Workshop.await("the link is https", SOON, () -> node.link().equals("https"));
        long before = shown();
        Workshop.await("1,000 more events arrive", SOON, () -> shown() > before + 1_000);
        return "fallback in use, the SaaS went from " + before + " to " + shown() + " events";
    }

    private String cutAll() throws Exception {
        saas.https().cut();
        if (nats) {
            Workshop.await("the link is down", SOON, () -> node.link().equals("none"));
        }
        String healed = heal();
        Workshop.await("3,000 events wait on disk", SOON, () -> node.waiting() > 3_000);
        return node.waiting() + " events wait in the spool; " + healed;
    }

    private String mend() throws Exception {
        saas.https().mend();
        if (nats) {
            saas.nats().mend();
        }
        Workshop.await("the spool is drained", SOON, () -> node.waiting() >= 0 && node.waiting() < 1_500);
        String way = nats ? "nats" : "https";
        Workshop.await("the link is " + way, SOON, () -> node.link().equals(way));
        return "linked over " + node.link() + ", " + node.waiting() + " events in flight, " + shown() + " stored";
    }

    private String tamper() throws Exception {
        Path good = shop.directory().resolve("signed-3.json");
        String text = Files.readString(good);
        int at = text.indexOf("\"plugins\"") + 20;
        char other = text.charAt(at) == 'A' ? 'B' : 'A';
        Path bad = shop.directory().resolve("tampered.json");
        Files.writeString(bad, text.substring(0, at) + other + text.substring(at + 1));
        long pid = node.servicePid();
        saas.deploy(bad, "--unchecked");
        Workshop.await("the refusal is told", SOON, () -> followed("io.machineroom.plugin_rejected.v1"));
        if (!node.machine("keepalive").equals("1.0.0") || node.servicePid() != pid || !node.serviceAnswers()) {
            throw new StoryFailed("the tampered list changed the node");
        }
        return "the node told plugin_rejected; keepalive " + node.machine("keepalive") + " runs on";
    }

    private String crash() throws Exception {
        int before = node.lines(".accepted").size();
        node.kill();
        int accepted = node.lines(".accepted").size();
        node.start();
        Workshop.await(
                "the agent is back", SOON, () -> node.machine("keepalive").equals("1.0.0"));
        Workshop.await("it accepts events", SOON, () -> node.lines(".accepted").size() > accepted + 500);
        if (accepted < before) {
            throw new StoryFailed("the books shrank");
        }
        return accepted + " events accepted before the kill, "
                + node.lines(".accepted").size() + " now";
    }

    /** Ends the stream of events when there are enough, waits until all left the node, and stops the agent. */
    String quiet(int enough) throws Exception {
        Workshop.await(
                enough + " events accepted", SOON, () -> node.lines(".accepted").size() >= enough);
        node.silence();
        Workshop.await("all events are stored", SOON, () -> node.waiting() >= 0 && node.waiting() < 20);
        if (!node.stop()) {
            throw new StoryFailed("the agent did not stop within 20 s of SIGTERM");
        }
        return "agent stopped with exit code " + node.exitCode();
    }

    private long shown() throws IOException {
        if (!Files.exists(seen)) {
            return 0;
        }
        try (var lines = Files.lines(seen, StandardCharsets.ISO_8859_1)) {
            return lines.count();
        }
    }

    private boolean followed(String type) throws IOException {
        try (var lines = Files.lines(seen, StandardCharsets.ISO_8859_1)) {
            return lines.anyMatch(line -> line.contains(type));
        }
    }

    Path followFile() {
        return seen;
    }

    void step(String name, Step body) throws Exception {
        out.printf(Locale.ROOT, "%6.1f s  %s ...%n", (System.nanoTime() - began) / 1e9, name);
        String detail = body.run();
        table.add(new String[] {name, "held", detail});
        out.printf(Locale.ROOT, "%6.1f s    %s%n", (System.nanoTime() - began) / 1e9, detail);
    }

    /** One step; returns a sentence about what happened. */
    interface Step {
        String run() throws Exception;
    }
}

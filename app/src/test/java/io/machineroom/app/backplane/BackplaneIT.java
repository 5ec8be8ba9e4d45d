package io.machineroom.app.backplane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.Epoch;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.SignedMark;
import io.machineroom.ports.stream.Subject;
import io.machineroom.ports.transport.Link;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A backplane as a process, with a real nats-server, and nodes that try what they must not. */
final class BackplaneIT {
    private static final Epoch EPOCH = new Epoch("a".repeat(32), 1, "b".repeat(32));
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    private RunningBackplane backplane;

    @BeforeEach
    void up() throws IOException {
        backplane = new RunningBackplane(directory).init("acme", "bolt").start();
        assertFalse(backplane.brokers().isEmpty(), "this test needs nats-server on the path");
    }

    @AfterEach
    void down() throws InterruptedException {
        backplane.close();
    }

    private TestNode enrolled(String customer, String identity) throws IOException, InterruptedException {
        TestNode node = new TestNode(backplane, directory.resolve(customer + "-" + identity), identity, EPOCH);
        String token = backplane
                .command(
                        "token",
                        "--state",
                        backplane.state.toString(),
                        "--offline",
                        backplane.offline.toString(),
                        "--customer",
                        customer,
                        "--print")
                .strip();
        node.enrol(token);
        return node;
    }

    private List<Value.Obj> events(TestNode node, String customer) {
        return backplane.documents(
                "events",
                "--state",
                backplane.state.toString(),
                "--json",
                "--customer",
                customer,
                "--node",
                node.identity);
    }

    private static List<String> ids(long through) {
        return LongStream.rangeClosed(1, through).mapToObj(n -> "id-" + n).toList();
    }

    /** Waits for a receipt through a number. */
    private static void awaitReceipt(Mailbox<SignedMark> receipts, long through) throws InterruptedException {
        while (true) {
            SignedMark mark = receipts.poll(LONG).orElseThrow(() -> new AssertionError("no receipt for " + through));
            if (mark.text().contains(" normal " + through + " ")) {
                return;
            }
        }
    }

    @Test
    void keepsTwoCustomersWithEqualNamesIdsAndEpochsApart() throws Exception {
        keepsApart(enrolled("acme", "n1"), "acme", enrolled("bolt", "n1"), "bolt");
    }

    /** Two nodes of the same name, ids and epoch, and a neighbour: none hears, speaks as or disturbs another. */
    private void keepsApart(TestNode acme, String its, TestNode bolt, String others) throws Exception {
        TestNode neighbour = enrolled(its, "n2");
        Mailbox<SignedMark> receipts = acme.graph().tasks().mailbox(100);
        Mailbox<SignedMark> theirs = bolt.graph().tasks().mailbox(100);
        Mailbox<Message> heard = acme.graph().tasks().mailbox(100);
        try (Link a = acme.nats();
                Link b = bolt.nats();
                Link c = neighbour.nats()) {
            a.receipts(receipts);
            b.receipts(theirs);
            for (Link spy : List.of(b, c)) {
                for (String subject :
                        List.of("machine_room.receipt." + acme.nkey(), "mr." + acme.nkey() + ".>", "mr.>", ">")) {
                    listen(spy, subject, heard);
                }
            }
            append(b, bolt.deliveries(1, 50));
            append(a, acme.deliveries(1, 50));
            awaitReceipt(receipts, 50);
            awaitReceipt(theirs, 50);
            assertEquals(0, heard.size(), "somebody heard what is not for him");
        }
        // a refused permission may cost the spies their connection, so each tries alone to speak as somebody else
        for (TestNode thief : List.of(bolt, neighbour)) {
            try (Link link = thief.nats()) {
                speakAs(link, acme);
            }
        }
        assertEquals(
                ids(50),
                events(acme, its).stream().map(e -> e.text("id").orElse("")).toList());
        assertEquals(
                ids(50),
                events(bolt, others).stream().map(e -> e.text("id").orElse("")).toList());
        assertEquals(List.of(), events(neighbour, its));
    }

    /** As a node does: the stream of a customer that was just added is made a moment later. */
    private static void append(Link link, List<Delivery> deliveries) throws InterruptedException {
        for (int i = 0; ; i++) {
            try {
                link.sink().append(deliveries, 0);
                return;
            } catch (PortException.Unavailable later) {
                if (i == 100) {
                    throw later;
                }
                java.util.concurrent.locks.LockSupport.parkNanos(100_000_000);
            }
        }
    }

    private void add(String customer) {
        backplane.command(
                "customer",
                "add",
                customer,
                "--state",
                backplane.state.toString(),
                "--offline",
                backplane.offline.toString());
    }

    @Test
    void takesCustomersInWhileItRunsWithoutDisturbingTheOthers() throws Exception {
        TestNode acme = enrolled("acme", "n1");
        Mailbox<SignedMark> receipts = acme.graph().tasks().mailbox(100);
        try (Link old = acme.nats()) {
            old.receipts(receipts);
            old.sink().append(acme.deliveries(1, 20), 0);
            awaitReceipt(receipts, 20);
            add("coil");
            add("dune");
            keepsApart(enrolled("coil", "n1"), "coil", enrolled("dune", "n1"), "dune");
            old.sink().append(acme.deliveries(21, 40), 0);
            awaitReceipt(receipts, 40);
            assertEquals(Link.State.CONNECTED, old.state(), "a customer more cost another one its link");
        }
        assertEquals(
                ids(40),
                events(acme, "acme").stream().map(e -> e.text("id").orElse("")).toList());
    }

    @Test
    void takesACustomerInWhileItIsStopped() throws Exception {
        backplane.stop();
        add("coil");
        assertEquals(
                77,
                backplane.exitOf(
                        "customer",
                        "add",
                        "coil",
                        "--state",
                        backplane.state.toString(),
                        "--offline",
                        backplane.offline.toString()));
        assertEquals(
                List.of("acme", "bolt", "coil"),
                backplane.documents("customer", "list", "--json", "--state", backplane.state.toString()).stream()
                        .map(c -> c.text("customer").orElse(""))
                        .toList());
        backplane.start();
        keepsApart(enrolled("coil", "n1"), "coil", enrolled("bolt", "n1"), "bolt");
    }

    @Test
    void refusesACustomerThatAnotherOperatorSponsored() throws Exception {
        RunningBackplane other = new RunningBackplane(Files.createDirectory(directory.resolve("other"))).init("acme");
        assertEquals(
                77,
                backplane.exitOf(
                        "customer",
                        "add",
                        "coil",
                        "--state",
                        backplane.state.toString(),
                        "--offline",
                        other.offline.toString()));
        assertEquals(
                2,
                backplane
                        .documents("customer", "list", "--json", "--state", backplane.state.toString())
                        .size());
        enrolled("acme", "n1").nats().close();
    }

    private String[] renewal(Path offline) {
        return new String[] {"renew", "--state", backplane.state.toString(), "--offline", offline.toString()};
    }

    private static Certificate served(TestNode node) throws Exception {
        HttpResponse<byte[]> answer = node.http("GET", "/v1/time", new byte[0]);
        return answer.sslSession().orElseThrow().getPeerCertificates()[0];
    }

    @Test
    void renewsIssuerAndCertificateWhileItRunsAndNodesNeedNoChange() throws Exception {
        TestNode node = enrolled("acme", "n1");
        Certificate first = served(node);
        String issuer = Files.readString(backplane.state.resolve("issuer.jwt"));
        backplane.command(renewal(backplane.offline));
        assertNotEquals(issuer, Files.readString(backplane.state.resolve("issuer.jwt")));
        TestNode later = enrolled("acme", "n2");
        assertNotEquals(first, served(later));
        try (Link link = node.nats()) {
            append(link, node.deliveries(1, 10));
        }
        String before = node.answer().text("server_jwt").orElseThrow();
        Value.Obj renewed = enrolled("acme", "n3").renew();
        assertNotEquals(before, renewed.text("server_jwt").orElseThrow());
        RunningBackplane other = new RunningBackplane(Files.createDirectory(directory.resolve("other"))).init("acme");
        assertEquals(77, backplane.exitOf(renewal(other.offline)));
        assertEquals(65, backplane.exitOf(renewal(directory.resolve("nowhere"))));
    }

    @Test
    void renewsWhileItIsStopped() throws Exception {
        byte[] first = Files.readAllBytes(backplane.state.resolve("tls").resolve("server.pem"));
        backplane.stop();
        backplane.command(renewal(backplane.offline));
        assertFalse(Arrays.equals(
                first, Files.readAllBytes(backplane.state.resolve("tls").resolve("server.pem"))));
        backplane.start();
        enrolled("acme", "n1").nats().close();
    }

    private static void listen(Link spy, String subject, Mailbox<Message> into) {
        try {
            spy.subscribe(Subject.of(subject), into);
        } catch (PortException refused) {
            assertTrue(refused.code().contains("."), refused.code());
        }
    }

    /** Publishes the victim's next event as the victim would. */
    private static void speakAs(Link link, TestNode victim) {
        Delivery next = victim.deliveries(51, 51).getFirst();
        Message forged = next.message().at(next.message().subject().under("mr." + victim.nkey()));
        for (var header : next.stamp().headers().entrySet()) {
            forged = forged.withHeader(header.getKey(), header.getValue());
        }
        try {
            link.publish(forged.withHeader("Mr-Id", "forged"));
            link.request("machine_room.nobody", new byte[0], Duration.ofMillis(500));
        } catch (PortException | InterruptedException expected) {
            assertFalse(Thread.currentThread().isInterrupted());
        }
    }

    @Test
    void keepsDesiredStateAndArtifactsWithTheirCustomer() throws Exception {
        TestNode acme = enrolled("acme", "n1");
        TestNode bolt = enrolled("bolt", "n1");
        Path machine = directory.resolve("echo");
        Files.createDirectories(machine);
        Files.writeString(machine.resolve("machine.yaml"), "name: echo\nversion: 1.0.0\n");
        Path archive = directory.resolve("echo-1.0.0.tgz");
        String entry = backplane.command("pack", machine.toString(), "--out", archive.toString());
        byte[] first = Files.readAllBytes(archive);
        assertEquals(entry, backplane.command("pack", machine.toString(), "--out", archive.toString()));
        assertEquals(
                List.of(first.length, true),
                List.of(first.length, java.util.Arrays.equals(first, Files.readAllBytes(archive))));
        Path list = Files.writeString(directory.resolve("list.json"), "[" + entry + "]");
        Path signed = directory.resolve("signed.json");
        backplane.command(
                "sign",
                "--offline",
                backplane.offline.toString(),
                "--customer",
                "acme",
                "--out",
                signed.toString(),
                list.toString());
        String state = backplane.state.toString();
        backplane.command(
                "deploy", "--state", state, "--customer", "acme", "--artifact", archive.toString(), signed.toString());
        assertEquals(200, get(acme, "/v1/desired/CONFIG/machines").statusCode());
        assertEquals(404, get(bolt, "/v1/desired/CONFIG/machines").statusCode());
        assertEquals(200, get(acme, "/v1/artifacts/echo-1.0.0.tgz").statusCode());
        assertEquals(404, get(bolt, "/v1/artifacts/echo-1.0.0.tgz").statusCode());
        assertEquals(77, backplane.exitOf("deploy", "--state", state, "--customer", "bolt", signed.toString()));
        try (Link link = acme.nats()) {
            assertEquals(Files.readString(signed), published(link));
        }
    }

    /** The list as nodes see it: deploying is done when it is on disk, the broker hears of it a moment later. */
    private static String published(Link link) throws InterruptedException {
        var entry = link.bucket("CONFIG").get("machines");
        for (int i = 0; i < 300 && entry.isEmpty(); i++) {
            java.util.concurrent.locks.LockSupport.parkNanos(100_000_000);
            entry = link.bucket("CONFIG").get("machines");
        }
        return new String(entry.orElseThrow().value(), StandardCharsets.UTF_8);
    }

    private static HttpResponse<byte[]> get(TestNode node, String path) throws IOException, InterruptedException {
        return node.http("GET", path, new byte[0], "Authorization", "Bearer " + node.session());
    }

    @Test
    void losesAndRepeatsNothingWhenKilled() throws Exception {
        TestNode node = enrolled("acme", "n1");
        try (Link link = node.nats()) {
            link.sink().append(node.deliveries(1, 300), 0);
        }
        assertEquals(200, node.batch(node.session(), 1, 100).statusCode());
        List<String> brokers = backplane.brokers();
        backplane.kill();
        backplane.start();
        assertEquals(brokers, backplane.brokers());
        try (Link link = node.nats()) {
            link.sink().append(node.deliveries(301, 350), 0);
        }
        HttpResponse<byte[]> answer = node.batch(node.session(), 1, 400);
        assertEquals(200, answer.statusCode(), new String(answer.body(), StandardCharsets.UTF_8));
        backplane.kill();
        backplane.start();
        assertEquals(409, node.batch(node.session(), 500, 501).statusCode());
        assertEquals(
                ids(400),
                events(node, "acme").stream().map(e -> e.text("id").orElse("")).toList());
        Value.Obj row = backplane
                .documents("ledger", "--state", backplane.state.toString(), "--json")
                .getFirst();
        assertEquals(400L, row.whole("stored").orElseThrow());
        assertEquals(0L, row.whole("forks").orElseThrow());
    }

    @Test
    void stopsWhenAskedTo() throws Exception {
        enrolled("acme", "n1");
        assertEquals(0, backplane.stop());
        assertEquals(69, backplane.exitOf("nodes", "--state", backplane.state.toString()));
    }

    @Test
    void keepsTheOfflineSeedsOutOfTheStateDirectory() throws Exception {
        enrolled("acme", "n1");
        List<String> secrets = List.of("org-issuer.seed", "machines.seed", "operator.nkey");
        try (Stream<Path> files = Files.walk(backplane.state)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String content = Files.readString(file, StandardCharsets.ISO_8859_1);
                for (String secret : secrets) {
                    String seed =
                            Files.readString(backplane.offline.resolve(secret)).strip();
                    assertFalse(content.contains(seed), file + " holds " + secret);
                }
            }
        }
        String log = Files.readString(directory.resolve("up.log"));
        try (Stream<Path> keys = Files.list(backplane.state.resolve("keys"))) {
            for (Path key : keys.toList()) {
                assertFalse(log.contains(Files.readString(key).strip()), "the log shows " + key);
            }
        }
    }
}

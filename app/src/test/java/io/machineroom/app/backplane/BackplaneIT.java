package io.machineroom.app.backplane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.data.Value;
import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.stream.SignedMark;
import io.machineroom.ports.transport.Link;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Desired state, crashes and secrets of a backplane as a process. */
final class BackplaneIT extends BackplaneStage {
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

    /** A clone with the same memory sends other events under the same numbers, over the same broker. */
    @Test
    void keepsBothEventsOfAClonedNode() throws Exception {
        TestNode node = enrolled("acme", "n1");
        Mailbox<SignedMark> receipts = node.graph().tasks().mailbox(100);
        try (Link link = node.nats()) {
            link.receipts(receipts);
            link.sink().append(node.deliveries(1, 10), 0);
            awaitReceipt(receipts, 10);
            link.sink().append(node.deliveries("clone-", 9, 11), 0);
            awaitReceipt(receipts, 11);
            link.sink().append(node.deliveries(11, 12), 0);
            awaitReceipt(receipts, 12);
            receipts.drain(100);
        }
        HttpResponse<byte[]> answer = node.batch(node.session(), 12, 12);
        String text = new String(answer.body(), StandardCharsets.UTF_8);
        assertTrue(text.contains(" normal 12 ") && text.contains(" 1\""), text);
        List<String> stored =
                events(node, "acme").stream().map(e -> e.text("id").orElse("")).toList();
        assertEquals(
                List.of("clone-9", "clone-10", "clone-11", "id-11", "id-12"),
                stored.subList(10, 15),
                stored.toString());
        assertEquals(15, stored.size());
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

package io.machineroom.app.backplane;

import static org.junit.jupiter.api.Assertions.assertFalse;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.Epoch;
import io.machineroom.ports.stream.SignedMark;
import io.machineroom.ports.transport.Link;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A backplane as a process, with a real nats-server, and nodes for it; abstract because it holds no test. */
abstract class BackplaneStage {
    static final Epoch EPOCH = new Epoch("a".repeat(32), 1, "b".repeat(32));
    static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    RunningBackplane backplane;

    @BeforeEach
    void up() throws IOException {
        backplane = new RunningBackplane(directory).init("acme", "bolt").start();
        assertFalse(backplane.brokers().isEmpty(), "this test needs nats-server on the path");
    }

    @AfterEach
    void down() throws InterruptedException {
        backplane.close();
    }

    final TestNode enrolled(String customer, String identity) throws IOException, InterruptedException {
        return enrolled(customer, "", identity);
    }

    final TestNode enrolled(String customer, String site, String identity) throws IOException, InterruptedException {
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
                        "--site",
                        site,
                        "--print")
                .strip();
        node.enrol(token);
        return node;
    }

    final List<Value.Obj> events(TestNode node, String customer) {
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

    static List<String> ids(long through) {
        return LongStream.rangeClosed(1, through).mapToObj(n -> "id-" + n).toList();
    }

    /** Waits for a receipt through a number. */
    static void awaitReceipt(Mailbox<SignedMark> receipts, long through) throws InterruptedException {
        while (true) {
            SignedMark mark = receipts.poll(LONG).orElseThrow(() -> new AssertionError("no receipt for " + through));
            if (mark.text().contains(" normal " + through + " ")) {
                return;
            }
        }
    }

    /** As a node does: the stream of a customer that was just added is made a moment later. */
    static void append(Link link, List<Delivery> deliveries) throws InterruptedException {
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
}

package io.machineroom.app.backplane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.SignedMark;
import io.machineroom.ports.stream.Subject;
import io.machineroom.ports.transport.Link;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Customers of one backplane: made with it, added while it runs and while it is stopped. None sees another. */
final class CustomersIT extends BackplaneStage {
    @Test
    void streamsW55KeepsTwoCustomersWithEqualNamesIdsAndEpochsApart() throws Exception {
        keepsApart(enrolled("acme", "n1"), "acme", enrolled("bolt", "n1"), "bolt");
        // neither told facts: the original's list needs them
        List<String> nodes = backplane.documents("nodes", "--json", "--state", backplane.state.toString()).stream()
                .map(node -> node.text("customer").orElse("") + " "
                        + node.text("identity").orElse(""))
                .sorted()
                .toList();
        assertEquals(List.of("acme n1", "acme n2", "bolt n1"), nodes);
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
}

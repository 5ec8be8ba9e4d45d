package io.machineroom.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import io.machineroom.ports.contract.Deliveries;
import io.machineroom.ports.gateway.Gateway;
import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.SignedMark;
import io.machineroom.ports.stream.SiteSink;
import io.machineroom.ports.stream.SiteSink.Fate;
import io.machineroom.ports.stream.SiteSink.Forwarded;
import io.machineroom.ports.transport.Link;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Records of several nodes in one request; each judged by itself. */
final class HttpSiteSinkTest {
    private static final Fate TAKEN = new Fate.Taken(false);
    private static TestTls tls;

    private final SiteIntake intake = new SiteIntake();
    private World world;
    private Link link;

    @BeforeAll
    static void makeCertificate() {
        tls = TestTls.fresh();
    }

    @BeforeEach
    void open() throws InterruptedException {
        world = new World(tls);
        world.backplane.interfere(intake);
        link = world.connect();
    }

    @AfterEach
    void close() {
        link.close();
        world.close();
    }

    /** As it lies in the intake of a site. */
    private static Forwarded forwarded(String node, Delivery delivery) {
        Message message = delivery.message();
        Map<String, String> headers = new LinkedHashMap<>(message.headers());
        headers.putAll(delivery.stamp().headers());
        headers.put("Mr-Id", message.id());
        headers.put("Mr-Created", message.created().toString());
        return new Forwarded(
                node, "id", new Message(message.subject(), "transport", headers, message.body(), message.created()));
    }

    private static List<Forwarded> run(String node, Lane lane, int count) {
        return run(node, new Deliveries(node, lane), count);
    }

    private static List<Forwarded> run(String node, Deliveries make, int count) {
        return make.messages(count).stream().map(d -> forwarded(node, d)).toList();
    }

    private static List<Forwarded> mixed(List<List<Forwarded>> runs) {
        List<Forwarded> out = new ArrayList<>();
        for (int i = 0; out.size() < runs.stream().mapToInt(List::size).sum(); i++) {
            for (List<Forwarded> run : runs) {
                if (i < run.size()) {
                    out.add(run.get(i));
                }
            }
        }
        return out;
    }

    private List<Fate> send(List<Forwarded> batch) throws InterruptedException {
        return link.siteSink("plant").begin(batch).await();
    }

    @Test
    void recordsOfManyNodesThatLieMixedGoInOneRequest() throws InterruptedException {
        List<Fate> fates =
                send(mixed(List.of(run("UA", Lane.NORMAL, 5), run("UB", Lane.URGENT, 3), run("UC", Lane.BULK, 4))));
        assertEquals(12, fates.stream().filter(TAKEN::equals).count());
        assertEquals(List.of(3), intake.groupsPerRequest);
        assertEquals(List.of(1L, 2L, 3L, 4L, 5L), intake.stored.get("UA normal"));
    }

    @Test
    void aGapOfOneNodeIsItsOwnAndNamesWhatIsMissing() throws InterruptedException {
        List<Forwarded> late = run("UA", Lane.NORMAL, 6).subList(3, 6);
        List<Fate> fates = send(mixed(List.of(late, run("UB", Lane.NORMAL, 3))));
        assertEquals(List.of(new Fate.Gap(1), TAKEN, new Fate.Gap(1), TAKEN, new Fate.Gap(1), TAKEN), fates);
    }

    @Test
    void whatGoesBackInNumbersIsAGroupOfItsOwn() throws InterruptedException {
        List<Forwarded> once = run("UA", Lane.NORMAL, 3);
        List<Forwarded> twice = new ArrayList<>(once);
        twice.addAll(run("UA", Lane.NORMAL, 5));
        assertEquals(8, send(twice).stream().filter(TAKEN::equals).count());
        assertEquals(List.of(1L, 2L, 3L, 4L, 5L), intake.stored.get("UA normal"));
    }

    @Test
    void voidsTravelInTheirPlace() throws InterruptedException {
        Deliveries make = new Deliveries("UA", Lane.NORMAL);
        List<Forwarded> batch = List.of(
                forwarded("UA", make.message()),
                forwarded("UA", make.voided(3, "overflow")),
                forwarded("UA", make.message()));
        assertEquals(List.of(TAKEN, TAKEN, TAKEN), send(batch));
        assertEquals(5, intake.stored.get("UA normal").size());
    }

    @Test
    void nodesThatAreNotOfTheSiteAreRefusedAlone() throws InterruptedException {
        intake.foreign.add("UB");
        List<Fate> fates = send(mixed(List.of(run("UA", Lane.NORMAL, 1), run("UB", Lane.NORMAL, 1))));
        assertEquals(TAKEN, fates.getFirst());
        assertEquals(
                "site.foreign",
                assertInstanceOf(Fate.Refused.class, fates.get(1)).code());
    }

    @Test
    void oneRecordThatDoesNotFitHoldsUpOnlyWhatComesAfterItInItsLane() throws InterruptedException {
        List<Forwarded> run = run("UA", Lane.NORMAL, 4);
        intake.unfit.add(run.get(2).message().headers().get("Mr-Id"));
        List<Fate> fates = send(mixed(List.of(run, run("UB", Lane.NORMAL, 4))));
        List<Fate> ofA =
                LongStream.range(0, 4).mapToObj(i -> fates.get((int) i * 2)).toList();
        assertEquals(List.of(TAKEN, TAKEN), ofA.subList(0, 2));
        assertEquals(
                "batch.invalid",
                assertInstanceOf(Fate.Refused.class, ofA.get(2)).code());
        assertEquals(new Fate.Gap(3), ofA.get(3));
        assertEquals(4, intake.stored.get("UB normal").size());
    }

    @Test
    void recordsThatTellNoPlaceOrHaveNoEncodingAreRefusedAlone() throws InterruptedException {
        Forwarded good = run("UA", Lane.NORMAL, 1).getFirst();
        Message plain = good.message();
        Forwarded noPlace =
                new Forwarded("UB", "", new Message(plain.subject(), "x", Map.of(), plain.body(), plain.created()));
        Map<String, String> odd = new LinkedHashMap<>(plain.headers());
        odd.put(Message.CONTENT_TYPE, "text/html");
        Forwarded noEncoding =
                new Forwarded("UC", "", new Message(plain.subject(), "x", odd, plain.body(), plain.created()));
        List<Fate> fates = send(List.of(noPlace, good, noEncoding));
        assertEquals(
                "arrival.malformed",
                assertInstanceOf(Fate.Refused.class, fates.get(0)).code());
        assertEquals(TAKEN, fates.get(1));
        assertEquals(
                "sink.content-type",
                assertInstanceOf(Fate.Refused.class, fates.get(2)).code());
    }

    @Test
    void whatFitsNoRequestGoesInSeveralInOrder() throws InterruptedException {
        byte[] body = new byte[90_000];
        new Random(4).nextBytes(body);
        Deliveries make = new Deliveries("UA", Lane.NORMAL);
        List<Forwarded> batch = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            batch.add(forwarded("UA", make.message("choria.machine.transition", body)));
        }
        batch.addAll(run("UB", Lane.NORMAL, 970));
        assertEquals(1000, send(batch).stream().filter(TAKEN::equals).count());
        assertTrue(intake.groupsPerRequest.size() > 3, intake.groupsPerRequest.toString());
    }

    @Test
    void batchesThatFollowEachOtherInALaneArriveInOrderAndOthersOvertake() throws InterruptedException {
        CountDownLatch slow = new CountDownLatch(1);
        AtomicInteger asked = new AtomicInteger();
        world.backplane.interfere(request -> {
            if (request.path().equals("/v1/events") && asked.incrementAndGet() == 1) {
                hold(slow);
            }
            return intake.apply(request);
        });
        SiteSink sink = link.siteSink("plant");
        Deliveries make = new Deliveries("UA", Lane.NORMAL);
        List<SiteSink.Sending> sendings = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            sendings.add(sink.begin(run("UA", make, 10)));
        }
        SiteSink.Sending other = sink.begin(run("UB", Lane.NORMAL, 10));
        assertEquals(10, other.await().stream().filter(TAKEN::equals).count());
        slow.countDown();
        for (SiteSink.Sending sending : sendings) {
            assertEquals(10, sending.await().stream().filter(TAKEN::equals).count());
        }
        assertEquals(30, intake.stored.get("UA normal").size());
        assertTrue(sink.depth() > 1);
    }

    private static void hold(CountDownLatch latch) {
        try {
            assertTrue(latch.await(30, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void handsReceiptsOfAllNodesOn() throws InterruptedException {
        Mailbox<SignedMark> box = world.runtime.mailbox(10);
        Link.Subscription receipts = link.siteReceipts("plant", box);
        send(mixed(List.of(run("UA", Lane.NORMAL, 1), run("UB", Lane.NORMAL, 1))));
        assertEquals(
                List.of("mr-receipt-2 UA normal 1", "mr-receipt-2 UB normal 1"),
                box.drain(10).stream().map(SignedMark::text).toList());
        receipts.close();
        send(run("UC", Lane.NORMAL, 1));
        assertEquals(0, box.size());
    }

    @Test
    void aSaasThatIsBusyOrGoneMakesTheWholeBatchUnknown() throws InterruptedException {
        world.backplane.interfere(request -> {
            if (request.path().equals("/v1/events")) {
                throw new PortException.Unavailable("ingest.busy", "no room");
            }
            return Optional.<Gateway.Response>empty();
        });
        SiteSink sink = link.siteSink("plant");
        SiteSink.Sending busy = sink.begin(run("UA", Lane.NORMAL, 2));
        SiteSink.Sending behind = sink.begin(run("UA", Lane.NORMAL, 2));
        assertEquals(
                "ingest.busy",
                assertThrows(PortException.Unavailable.class, busy::await).code());
        assertThrows(PortException.Unavailable.class, behind::await);
        world.gateway.close();
        SiteSink.Sending gone = sink.begin(run("UA", Lane.NORMAL, 2));
        assertThrows(PortException.Unavailable.class, gone::await);
        assertEquals(Map.of(), intake.stored);
    }
}

package io.machineroom.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import io.machineroom.ports.contract.Deliveries;
import io.machineroom.ports.contract.SinkContract;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.gateway.Gateway;
import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.SignedMark;
import io.machineroom.ports.stream.Sink;
import io.machineroom.ports.transport.Link;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class HttpSinkTest {
    private static TestTls tls;

    private World world;
    private Link link;

    @BeforeAll
    static void makeCertificate() {
        tls = TestTls.fresh();
    }

    @BeforeEach
    void open() throws InterruptedException {
        world = new World(tls);
        link = world.connect();
    }

    @AfterEach
    void close() {
        link.close();
        world.close();
    }

    /** Answers batches in its own way. */
    private void onEvents(Function<Gateway.Request, Optional<Gateway.Response>> answer) {
        world.backplane.interfere(r -> r.path().equals("/v1/events") ? answer.apply(r) : Optional.empty());
    }

    private static Delivery typed(Deliveries make, String contentType, int size) {
        byte[] body = new byte[size];
        new Random(size).nextBytes(body);
        Delivery made = make.message("choria.governor", body);
        Message message = new Message(
                made.message().subject(),
                made.message().id(),
                Map.of(Message.CONTENT_TYPE, contentType),
                ByteBuffer.wrap(body),
                made.message().created());
        return new Delivery(made.position(), made.stamp(), message, 1);
    }

    private PortException.Unavailable unavailable(List<Delivery> batch) {
        return assertThrows(PortException.Unavailable.class, () -> link.sink().append(batch, 0));
    }

    @Test
    void hasTheReceiptsBeforeItReturns() throws InterruptedException {
        Mailbox<SignedMark> box = world.runtime.mailbox(5);
        link.receipts(box);
        SignedMark mark = new SignedMark("mr-receipt-2 U e normal 3 s 1", "00".repeat(64));
        world.backplane.receipt(mark);
        link.sink().append(new Deliveries("r", Lane.NORMAL).messages(3), 0);
        assertEquals(List.of(mark), box.drain(5));
    }

    @Test
    void sendsEachRunOfEpochLaneAndEncodingByItself() throws InterruptedException {
        Deliveries one = new Deliveries("one", Lane.NORMAL);
        Deliveries two = new Deliveries("two", Lane.URGENT);
        List<Delivery> batch = new ArrayList<>(one.messages(3));
        batch.add(typed(one, "application/json", 50));
        batch.add(one.voided(2, "overflow"));
        batch.add(typed(one, "application/cloudevents+json; charset=utf-8", 50));
        batch.addAll(two.messages(2));
        assertEquals(8, link.sink().append(batch, 0).accepted());
        List<Gateway.Request> requests = world.backplane.requests("/v1/events");
        assertEquals(
                List.of(
                        "application/cloudevents-batch+protobuf",
                        "application/cloudevents-batch+json",
                        "application/cloudevents-batch+protobuf"),
                requests.stream().map(r -> r.header("content-type").orElse("")).toList());
        assertEquals("urgent", requests.get(2).header("mr-lane").orElse(""));
        List<SinkContract.Taken> taken = world.backplane.taken();
        assertEquals("application/json", taken.get(3).contentType());
        assertEquals("application/cloudevents+json; charset=utf-8", taken.get(5).contentType());
        assertEquals("overflow", taken.get(4).stamp().voidCause());
    }

    /** Neither encoding could frame such bodies, and both may stand beside them. */
    @Test
    void rawBodiesTravelInsideOfEventsWithTheirHeaders() throws InterruptedException {
        Deliveries make = new Deliveries("raw", Lane.NORMAL);
        List<Delivery> batch = new ArrayList<>(make.messages(2));
        byte[] body = new byte[1_000];
        new Random(1).nextBytes(body);
        batch.add(raw(make, body, Map.of("Choria-Sender", "me", "Mr-Number", "7", "X", "y")));
        batch.addAll(make.messages(1));
        assertEquals(4, link.sink().append(batch, 0).accepted());
        Gateway.Request request = world.backplane.requests("/v1/events").getFirst();
        assertEquals(1, world.backplane.requests("/v1/events").size());
        SinkContract.Taken taken = world.backplane.taken().get(2);
        assertArrayEquals(body, taken.body());
        FramedEvents format = new FramedEvents("protobuf");
        Value.Obj manifest =
                format.decode(format.split(request.body(), 100).getFirst()).data();
        Value.Obj entry = (Value.Obj) manifest.list("entries").get(2);
        assertEquals(
                Map.of("Choria-Sender", Value.text("me"), "X", Value.text("y")),
                entry.obj("h").orElseThrow().fields());
        assertTrue(entry.text("ct").isEmpty());
    }

    @Test
    void theLargestSubmissionFitsABatch() throws InterruptedException {
        Deliveries make = new Deliveries("raw", Lane.BULK);
        byte[] body = new byte[700 << 10];
        new Random(2).nextBytes(body);
        List<Delivery> batch = List.of(raw(make, body, Map.of("X", "y".repeat(6 * 1024))));
        assertEquals(1, link.sink().append(batch, 0).accepted());
        assertArrayEquals(body, world.backplane.taken().getFirst().body());
    }

    private static Delivery raw(Deliveries make, byte[] body, Map<String, String> headers) {
        Delivery made = make.message("choria.submission.in.a", body);
        Message message = new Message(
                made.message().subject(),
                made.message().id(),
                headers,
                ByteBuffer.wrap(body),
                made.message().created());
        return new Delivery(made.position(), made.stamp(), message, 1);
    }

    @Test
    void staysWithinTheLimitsOfABatch() throws InterruptedException {
        Deliveries make = new Deliveries("limits", Lane.BULK);
        List<Delivery> batch = new ArrayList<>(make.messages(2_500));
        for (int i = 0; i < 4; i++) {
            batch.add(typed(make, Deliveries.CONTENT_TYPE, 600_000 + i));
        }
        Sink sink = link.sink();
        int done = 0;
        while (done < batch.size()) {
            done += sink.append(batch.subList(done, batch.size()), 0).accepted();
        }
        assertEquals(
                batch.stream().map(d -> d.message().id()).toList(),
                world.backplane.taken().stream().map(SinkContract.Taken::id).toList());
        for (Gateway.Request request : world.backplane.requests("/v1/events")) {
            assertTrue(request.body().length <= EventBatch.MAX_BYTES);
            int events = new FramedEvents("protobuf").split(request.body(), 0).size();
            assertTrue(events <= EventBatch.MAX_EVENTS, events + " events");
        }
    }

    @Test
    void packsWhatCanBePacked() throws InterruptedException {
        Deliveries make = new Deliveries("pack", Lane.BULK);
        link.sink().append(List.of(make.message("a.b", new byte[50_000])), 0);
        link.sink().append(List.of(typed(make, Deliveries.CONTENT_TYPE, 50_000)), 0);
        List<Gateway.Request> requests = world.backplane.requests("/v1/events");
        assertEquals(Optional.of("gzip"), requests.get(0).header("content-encoding"));
        assertEquals(Optional.empty(), requests.get(1).header("content-encoding"));
    }

    @Test
    void opensANewSessionWhenTheOldOneEnded() throws InterruptedException {
        Deliveries make = new Deliveries("session", Lane.NORMAL);
        link.sink().append(make.messages(1), 0);
        world.backplane.forgetSessions();
        assertEquals(2, link.sink().append(make.messages(2), 0).accepted());
        assertEquals(2, world.backplane.requests("/v1/session/challenge").size());
        assertEquals(Link.State.CONNECTED, link.state());
    }

    @Test
    void isUnauthorizedWhenTheNodeWasReleased() {
        onEvents(r -> {
            throw new PortException.Refused("session.expired", "again");
        });
        assertEquals(
                "link.unauthorized",
                unavailable(new Deliveries("x", Lane.NORMAL).messages(1)).code());
        assertEquals(2, world.backplane.requests("/v1/events").size(), "asked for one new session only");
    }

    @Test
    void passesOnAGap() {
        onEvents(r -> Optional.of(new Gateway.Response(
                409,
                Map.of("Content-Type", "application/problem+json"),
                world.json.write(Value.obj("code", Value.text("ingest.gap"), "expected", Value.num(5))),
                null)));
        PortException.Unavailable gap = unavailable(new Deliveries("gap", Lane.NORMAL).messages(2));
        assertEquals("sink.gap", gap.code());
        assertTrue(String.valueOf(gap.getMessage()).contains("expected is 5"));
    }

    @Test
    void saysHowLongToWait() {
        onEvents(r -> {
            throw new PortException.Unavailable("ingest.busy", "later", null, Duration.ofSeconds(17));
        });
        PortException.Unavailable busy = unavailable(new Deliveries("busy", Lane.NORMAL).messages(2));
        assertEquals("ingest.busy", busy.code());
        assertEquals(Duration.ofSeconds(17), busy.retryAfter());
        assertEquals(Link.State.CONNECTED, link.state());
    }

    @Test
    void neverParksAnEventOnTheWordOfAStranger() {
        for (int status : new int[] {400, 403, 404, 413}) {
            onEvents(r -> Optional.of(Gateway.Response.of(status, "text/html", new byte[] {'x'})));
            assertEquals(
                    "link.status",
                    unavailable(new Deliveries("proxy", Lane.NORMAL).messages(1))
                            .code());
        }
    }

    @Test
    void findsTheOneThatIsRefusedForGood() throws InterruptedException {
        Deliveries make = new Deliveries("bad", Lane.NORMAL);
        List<Delivery> batch = new ArrayList<>(make.messages(10));
        String bad = batch.get(6).message().id();
        onEvents(r -> {
            if (new String(r.body(), java.nio.charset.StandardCharsets.ISO_8859_1).contains(bad)) {
                throw new PortException.Refused("ingest.invalid", "this one");
            }
            return Optional.empty();
        });
        int done = 0;
        while (done < 6) {
            done += link.sink().append(batch.subList(done, 10), 0).accepted();
        }
        assertEquals(6, done);
        PortException.Refused refused =
                assertThrows(PortException.Refused.class, () -> link.sink().append(batch.subList(6, 10), 0));
        assertEquals("ingest.invalid", refused.code());
        assertEquals(6, world.backplane.taken().size());
    }

    @Test
    void countsOnlyWhatTheGatewayTook() throws InterruptedException {
        AtomicInteger answers = new AtomicInteger();
        onEvents(r -> Optional.of(TestBackplane.json(
                200, Value.obj("accepted", Value.num(answers.getAndIncrement() == 0 ? 3 : 99)))));
        List<Delivery> batch = new Deliveries("part", Lane.NORMAL).messages(5);
        assertEquals(3, link.sink().append(batch, 0).accepted());
        assertEquals("link.answer", unavailable(batch).code());
    }

    @Test
    void refusesAnEncodingThatHttpsDoesNotCarry() throws InterruptedException {
        Deliveries make = new Deliveries("type", Lane.NORMAL);
        List<Delivery> batch = new ArrayList<>(make.messages(2));
        batch.add(typed(make, "text/plain", 10));
        assertEquals(2, link.sink().append(batch, 0).accepted());
        PortException.Refused refused =
                assertThrows(PortException.Refused.class, () -> link.sink().append(batch.subList(2, 3), 0));
        assertEquals("sink.content-type", refused.code());
    }
}

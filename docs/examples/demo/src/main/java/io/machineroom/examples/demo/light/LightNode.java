package io.machineroom.examples.demo.light;

import io.machineroom.app.codec.JacksonJson;
import io.machineroom.ports.data.Value;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One light node: a virtual thread that holds the connection and hears receipts, and one that sends an event at each interval.
 * Everything without a receipt is sent again on a new connection.
 */
final class LightNode {
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(2);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final Duration SPLAY = Duration.ofSeconds(5);
    private static final String LIST = "$KV.CONFIG.machines";
    private static final String SUBJECT = ".choria.machine.transition";

    private final LightEnrolment who;
    private final LightCrowd crowd;
    private final String epoch;
    private final String nonce = random(16);
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Event> unreceipted = new ArrayDeque<>();
    private @Nullable LightLink link;
    private long number;
    private int connections;
    private volatile boolean stopped;

    private record Event(long number, String id, Instant created, byte[] body) {}

    LightNode(LightEnrolment who, LightCrowd crowd) {
        this.who = who;
        this.crowd = crowd;
        this.epoch = random(16) + ".1." + nonce;
    }

    private static String random(int bytes) {
        byte[] drawn = new byte[bytes];
        ThreadLocalRandom.current().nextBytes(drawn);
        return HexFormat.of().formatHex(drawn);
    }

    /** Begins to live; connects within {@code spread}. */
    void start(Duration spread, Duration interval) {
        Thread.ofVirtual().name(who.identity()).start(() -> connected(spread));
        Thread.ofVirtual().name(who.identity() + " events").start(() -> events(interval));
    }

    void stop() {
        stopped = true;
        drop();
    }

    /** Events that have no receipt. */
    int waiting() {
        lock.lock();
        try {
            return unreceipted.size();
        } finally {
            lock.unlock();
        }
    }

    private void connected(Duration spread) {
        pause(spread);
        Duration wait = FIRST_PAUSE;
        while (!stopped) {
            crowd.tries().increment();
            try (LightLink now = LightLink.open(who.brokers().getFirst(), crowd.trust(), who)) {
                wait = spread.compareTo(FIRST_PAUSE) > 0 ? spread : FIRST_PAUSE;
                crowd.connected().increment();
                hear(now);
            } catch (IOException e) {
                crowd.failed(e);
            }
            drop();
            pause(wait);
            wait = wait.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : wait.multipliedBy(2);
        }
    }

    /** A random part of that time. */
    static void pause(Duration most) {
        LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(Math.max(1, most.toNanos())));
    }

    private void hear(LightLink now) throws IOException {
        String user = who.user().user();
        now.subscribe("machine_room.receipt." + user, 1);
        now.subscribe("_INBOX." + user + ".>", 2);
        now.subscribe(LIST, 3);
        try {
            begin(now);
            while (!stopped) {
                LightLink.Arrived arrived = now.next();
                if (arrived.subject().startsWith("machine_room.receipt.")) {
                    receipted(arrived.body());
                } else if (arrived.subject().equals(LIST)) {
                    Thread.ofVirtual().name(who.identity() + " list").start(() -> deploy(arrived.body()));
                } else {
                    taken(new String(arrived.body(), StandardCharsets.UTF_8));
                }
            }
        } finally {
            crowd.connected().decrement();
        }
    }

    /** As agents do unless told otherwise: within five seconds, and again after a while when it failed. */
    private void deploy(byte[] list) {
        pause(SPLAY);
        Duration wait = FIRST_PAUSE;
        while (!stopped) {
            try {
                crowd.fetch(who, list);
                return;
            } catch (IOException e) {
                crowd.failed(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            pause(wait);
            wait = wait.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : wait.multipliedBy(2);
        }
    }

    /** A stream answers with its name; where there is none yet, the broker answers with nothing. */
    private static void taken(String answer) throws IOException {
        if (!answer.contains("\"stream\"") || answer.contains("\"error\"")) {
            throw new IOException("no stream took an event: " + answer);
        }
    }

    /** From now on events go over this connection; those without a receipt first. */
    private void begin(LightLink now) throws IOException {
        lock.lock();
        try {
            connections++;
            for (Event event : unreceipted) {
                send(now, event);
            }
            link = now;
        } finally {
            lock.unlock();
        }
    }

    private void drop() {
        lock.lock();
        try {
            LightLink before = link;
            link = null;
            if (before != null) {
                before.close();
            }
        } catch (IOException e) {
            crowd.failed(e);
        } finally {
            lock.unlock();
        }
    }

    private void events(Duration interval) {
        pause(interval);
        while (!stopped) {
            if (crowd.speaks()) {
                event();
            }
            LockSupport.parkNanos(interval.toNanos());
        }
    }

    private void event() {
        lock.lock();
        try {
            Event event = next();
            unreceipted.addLast(event);
            crowd.created().increment();
            LightLink now = link;
            if (now != null) {
                send(now, event);
            }
        } catch (IOException e) {
            crowd.failed(e); // whoever reads sees the end as well and connects anew
        } finally {
            lock.unlock();
        }
    }

    private Event next() {
        Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        String id = UUID.randomUUID().toString();
        Value.Obj data = Value.obj("protocol", Value.text("io.choria.machine.v1.transition"))
                .with("identity", Value.text(who.identity()))
                .with("id", Value.text(id))
                .with("timestamp", Value.num(now.getEpochSecond()))
                .with("machine", Value.text("light"))
                .with("transition", Value.text("tick"))
                .with("from_state", Value.text("RUN"))
                .with("to_state", Value.text("RUN"));
        Value.Obj event = Value.obj("specversion", Value.text("1.0"), "id", Value.text(id))
                .with("source", Value.text("io.choria.machine"))
                .with("type", Value.text("io.choria.machine.v1.transition"))
                .with("subject", Value.text(who.identity()))
                .with("time", Value.text(now.toString()))
                .with("datacontenttype", Value.text("application/json"))
                .with("data", data);
        return new Event(++number, id, now, new JacksonJson().write(event));
    }

    private void send(LightLink over, Event event) throws IOException {
        String user = who.user().user();
        String headers = "Nats-Msg-Id:" + nonce + ".normal." + event.number() + "." + connections + "." + event.id()
                + "\r\nMr-Epoch:" + epoch + "\r\nMr-Lane:normal\r\nMr-Number:" + event.number() + "\r\nMr-Id:"
                + event.id()
                + "\r\nMr-Created:" + event.created() + "\r\nContent-Type:application/cloudevents+json\r\n";
        over.publish("mr." + user + SUBJECT, "_INBOX." + user + ".1", headers, event.body());
        crowd.published().increment();
    }

    /** {@code mr-receipt-2 <node> <epoch> <lane> <through> <store> <since>}, in JSON with its signature. */
    private void receipted(byte[] body) {
        Value.Obj mark = (Value.Obj) new JacksonJson().read(body);
        List<String> words = List.of(mark.text("text").orElse("").split(" "));
        if (words.size() < 7 || !words.get(2).equals(epoch)) {
            return;
        }
        long through = Long.parseLong(words.get(4));
        lock.lock();
        try {
            while (!unreceipted.isEmpty() && unreceipted.getFirst().number() <= through) {
                unreceipted.removeFirst();
                crowd.receipted().increment();
            }
        } finally {
            lock.unlock();
        }
    }
}

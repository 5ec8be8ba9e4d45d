package io.machineroom.domain.flow;

import io.machineroom.ports.PortException;
import io.machineroom.ports.runtime.Entropy;
import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.security.KeyRole;
import io.machineroom.ports.security.VerifyKey;
import io.machineroom.ports.sim.SimKeyring;
import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.SignedMark;
import io.machineroom.ports.stream.Sink;
import io.machineroom.ports.stream.Stamp;
import io.machineroom.ports.transport.Endpoint;
import io.machineroom.ports.transport.Link;
import io.machineroom.ports.transport.Transport;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A SaaS that stores what arrives and signs receipts, over any number of ways, and misbehaves on request. */
public final class SimSaas {
    /** The node that it serves. */
    public static final String NODE = "U" + "A".repeat(55);

    private static final KeyRole RECEIPTS = new KeyRole("receipts", KeyRole.Form.HEX_SEED);

    private final Tasks tasks;
    private final SimKeyring keyring;
    private final Map<String, SimWay> ways = new LinkedHashMap<>();
    final SimPipe pipe;
    private final Map<String, Long> through = new HashMap<>();
    private final Map<String, Long> since = new HashMap<>();
    final List<String> stored = new ArrayList<>();
    final List<String> voids = new ArrayList<>();
    final List<Integer> resends = new ArrayList<>();
    Predicate<Message> poison = m -> false;
    boolean answersAreLost;
    boolean receiptsAreLost;
    Predicate<Delivery> lost = d -> false;

    int prefix = Integer.MAX_VALUE;
    String storeId = "store-one";
    int repeats;
    int exaggerates;
    private int baseFrom;
    private Supplier<String> node = () -> NODE;
    private Requests requests = (name, body) -> {
        throw new PortException.Refused("link.unsupported", "nobody answers " + name);
    };

    /** A new, empty one. */
    public SimSaas(Tasks tasks, Entropy entropy) {
        this.tasks = tasks;
        this.pipe = new SimPipe(tasks);
        this.keyring = new SimKeyring(entropy);
        keyring.ensure(RECEIPTS);
    }

    public VerifyKey.Ed25519 receiptKey() {
        return keyring.publicKey(RECEIPTS).orElseThrow();
    }

    /** Names the node that receipts are for. */
    public SimSaas serving(Supplier<String> nodeKey) {
        node = nodeKey;
        return this;
    }

    /** Answers requests over every way. */
    public SimSaas answering(Requests how) {
        requests = how;
        return this;
    }

    /** Answers a request by its name. */
    public interface Requests {
        byte[] answer(String name, byte[] body);
    }

    /** A way to it. */
    public SimWay way(String name) {
        return ways.computeIfAbsent(name, SimWay::new);
    }

    /** Ids that are stored, in the order of their arrival. */
    public List<String> stored() {
        return stored;
    }

    SignedMark sign(KeyRole role, String text) {
        keyring.ensure(role);
        byte[] signature = keyring.sign(role, text.getBytes(StandardCharsets.UTF_8));
        return new SignedMark(text, HexFormat.of().formatHex(signature));
    }

    SignedMark sign(String text) {
        return sign(RECEIPTS, text);
    }

    String receiptText(String run) {
        return receiptText(run, through.getOrDefault(run, 0L) + exaggerates);
    }

    String receiptText(String run, long number) {
        return "mr-receipt-2 " + node.get() + " " + run + " " + number + " " + storeId + " "
                + since.getOrDefault(run, 1L);
    }

    /** Everything is gone; another store takes over and begins with what is sent after going back. */
    void startAnew(String id) {
        storeId = id;
        baseFrom = resends.getLast() + 1;
        through.clear();
        since.clear();
        pipe.forget();
        stored.clear();
        voids.clear();
    }

    private void keep(Delivery delivery) {
        Stamp stamp = delivery.stamp();
        String run = stamp.epoch().wire() + " " + stamp.lane().wireName();
        long last = through.getOrDefault(run, 0L);
        if (stamp.through() <= last) {
            repeats++;
            return;
        }
        if (stamp.from() > last + 1 && !storeId.equals("store-one")) {
            through.put(run, stamp.from() - 1);
            since.put(run, stamp.from());
            last = stamp.from() - 1;
        }
        if (stamp.from() > last + 1 && pipe.hold(run, delivery)) {
            return;
        }
        if (stamp.from() > last + 1) {
            throw new PortException.Unavailable("ingest.gap", "numbers before " + stamp.from() + " are missing");
        }
        through.put(run, stamp.through());
        if (stamp.isVoid()) {
            voids.add(stamp.voidCause() + ":" + (stamp.through() - stamp.from() + 1));
        } else {
            stored.add(delivery.message().id());
        }
        Delivery next = pipe.next(run, stamp.through() + 1);
        if (next != null) {
            keep(next);
        }
    }

    /** One way: a transport of its own that can be cut. */
    public final class SimWay implements Transport {
        private final String name;
        boolean reachable = true;
        boolean working = true;
        private int connects;

        @Nullable SimLink last;

        SimWay(String name) {
            this.name = name;
        }

        /** How often somebody connected. */
        public int connects() {
            return connects;
        }

        /** Cuts it, or mends it. */
        public void reachable(boolean now) {
            reachable = now;
            SimLink link = last;
            if (!now && link != null) {
                link.state = Link.State.LOST;
            }
        }

        @Override
        public Set<String> schemes() {
            return name.equals("nats") ? Set.of("nats", "tls") : Set.of("https");
        }

        @Override
        public Link connect(Endpoint endpoint) throws InterruptedException {
            tasks.sleep(Duration.ofMillis(5));
            if (!reachable) {
                throw new PortException.Unavailable("link.unreachable", name + " cannot be reached");
            }
            connects++;
            SimLink link = new SimLink(this);
            last = link;
            return link;
        }
    }

    final class SimLink implements EventsOnlyLink, Sink {
        private final SimWay way;
        private State state = State.CONNECTED;
        private @Nullable Mailbox<SignedMark> receipts;

        SimLink(SimWay way) {
            this.way = way;
        }

        @Override
        public Receipt append(List<Delivery> batch, int resend) throws InterruptedException {
            tasks.sleep(Duration.ofMillis(2));
            return take(batch, resend);
        }

        @Override
        public Sending begin(List<Delivery> batch, int resend) {
            return pipe.begin(batch, () -> take(batch, resend));
        }

        @Override
        public int depth() {
            return pipe.depth;
        }

        private Receipt take(List<Delivery> batch, int resend) {
            if (state != State.CONNECTED || !way.working) {
                throw new PortException.Unavailable("sink.unreachable", way.name + " does not work");
            }
            if (poison.test(batch.getFirst().message())
                    && !batch.getFirst().stamp().isVoid()) {
                throw new PortException.Refused("sink.poison", "never as it is");
            }
            resends.add(resend);
            int taken = 0;
            Set<String> runs = new LinkedHashSet<>();
            for (Delivery delivery : batch) {
                if (taken == prefix
                        || (poison.test(delivery.message()) && !delivery.stamp().isVoid())) {
                    break;
                }
                if (!lost.test(delivery) && resend >= baseFrom) {
                    keep(delivery);
                }
                runs.add(delivery.stamp().epoch().wire() + " "
                        + delivery.stamp().lane().wireName());
                taken++;
            }
            if (answersAreLost) {
                throw new PortException.Unavailable("sink.timeout", "no answer");
            }
            runs.stream().filter(through::containsKey).forEach(run -> send(sign(receiptText(run))));
            return new Receipt(taken, 0);
        }

        void send(SignedMark mark) {
            if (receipts != null && !receiptsAreLost) {
                receipts.offer(mark);
            }
        }

        @Override
        public State state() {
            return state;
        }

        @Override
        public String server() {
            return way.name + "://saas";
        }

        @Override
        public Sink sink() {
            return this;
        }

        @Override
        public void receipts(Mailbox<SignedMark> into) {
            receipts = into;
        }

        @Override
        public byte[] request(String to, byte[] body, Duration timeout) throws InterruptedException {
            tasks.sleep(Duration.ofMillis(3));
            return requests.answer(to, body);
        }

        @Override
        public void close() {
            state = State.CLOSED;
        }
    }
}

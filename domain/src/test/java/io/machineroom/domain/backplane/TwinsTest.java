package io.machineroom.domain.backplane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.domain.flow.EventsOnlyLink;
import io.machineroom.domain.flow.LinkSupply;
import io.machineroom.domain.flow.ParkedMessages;
import io.machineroom.domain.flow.Pump;
import io.machineroom.domain.flow.PumpRuntime;
import io.machineroom.domain.flow.PumpSettings;
import io.machineroom.domain.flow.ReceiptVerifier;
import io.machineroom.ports.PortException;
import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.sim.SimFiles;
import io.machineroom.ports.sim.SimMeter;
import io.machineroom.ports.sim.SimSignatures;
import io.machineroom.ports.sim.SimSpool;
import io.machineroom.ports.sim.SimStorage;
import io.machineroom.ports.sim.SimTasks;
import io.machineroom.ports.spool.Spool;
import io.machineroom.ports.spool.SpoolProvider;
import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.SignedMark;
import io.machineroom.ports.stream.Sink;
import io.machineroom.ports.stream.Source;
import io.machineroom.ports.stream.Subject;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A running machine and its running clone, both against one backplane: whatever they do, it has all events of both. The
 * bounds of that, a broker that loses what it acknowledged and a twin that is far behind, are in ADR 0021.
 */
final class TwinsTest {
    private final List<Twin> twins = new ArrayList<>();

    private IngestWorld world(long seed) {
        return new IngestWorld(seed)
                .sending((origin, mark) -> twins.forEach(t -> t.hear(mark)))
                .start();
    }

    /** A node with the memory and disk of its twin: equal lineage, epoch and numbers. */
    private static final class Twin implements EventsOnlyLink, Sink, LinkSupply {
        private final IngestWorld world;
        private final String name;
        private final Spool spool;
        private final Source source;
        private final List<String> ids = new ArrayList<>();
        private Optional<Mailbox<SignedMark>> box = Optional.empty();
        private long generation = 1;
        private boolean cut;
        private boolean deaf;

        Twin(IngestWorld world, String name) {
            this.world = world;
            this.name = name;
            this.spool = SimSpool.open(
                    new SimStorage(world.tasks::await),
                    new SpoolProvider.Settings(
                            Path.of("spool"), 16 << 20, 100_000, 64 << 10, 0, SpoolProvider.Durability.EACH_BATCH),
                    world.tasks.time(),
                    new SimTasks(99).entropy());
            this.source = spool.source("saas");
            Pump pump = new Pump(
                    source,
                    this,
                    new ReceiptVerifier(new SimSignatures(), world.receiptKey(), IngestWorld.NODE.nodeKey()),
                    new ParkedMessages(SimFiles.fresh(world.tasks)),
                    PumpSettings.defaults(),
                    new PumpRuntime(world.tasks, world.tasks.time(), world.tasks.entropy(), new SimMeter()));
            world.tasks.fork("pump-" + name, pump::run);
        }

        void append(String prefix, int count) {
            world.tasks.run(() -> {
                List<Message> batch = new ArrayList<>();
                for (int i = 0; i < count; i++) {
                    String id = prefix + ids.size();
                    ids.add(id);
                    batch.add(new Message(
                            Subject.of("choria.machine.transition"),
                            id,
                            Map.of(Message.CONTENT_TYPE, "application/cloudevents+json"),
                            ByteBuffer.wrap(new byte[20]),
                            SimTasks.START));
                }
                spool.append(Lane.NORMAL, batch);
            });
        }

        void heal() {
            cut = false;
            deaf = false;
        }

        void hear(SignedMark mark) {
            if (!deaf) {
                box.ifPresent(b -> b.offer(mark));
            }
        }

        @Override
        public Receipt append(List<Delivery> batch, int resend) throws InterruptedException {
            world.tasks.sleep(Duration.ofMillis(3));
            if (cut) {
                throw new PortException.Unavailable("sink.unreachable", "cut");
            }
            List<Arrived> arrived = batch.stream()
                    .map(d -> new Arrived(IngestWorld.NODE, d.stamp(), d.message()))
                    .toList();
            world.ingest().submit(arrived, true);
            return new Receipt(batch.size(), 0);
        }

        @Override
        public Optional<Held> current() {
            return Optional.of(new Held(generation, name, this));
        }

        @Override
        public void release(Held held) {}

        @Override
        public void report(Held held, boolean worked) {}

        @Override
        public State state() {
            return State.CONNECTED;
        }

        @Override
        public String server() {
            return "sim://saas";
        }

        @Override
        public Sink sink() {
            return this;
        }

        @Override
        public void receipts(Mailbox<SignedMark> into) {
            box = Optional.of(into);
        }

        @Override
        public byte[] request(String to, byte[] body, Duration timeout) {
            throw new PortException.Refused("link.unsupported", "nobody answers");
        }

        @Override
        public void close() {}
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void nothingOfEitherIsLost(long seed) {
        Random random = new Random(seed);
        IngestWorld world = world(seed);
        twins.add(new Twin(world, "one"));
        twins.add(new Twin(world, "two"));
        assertEquals(twins.getFirst().spool.epoch(), twins.getLast().spool.epoch());
        twins.forEach(t -> t.append("common-", 5));
        for (int round = 0; round < 15; round++) {
            for (Twin twin : twins) {
                twin.cut = random.nextInt(3) == 0;
                twin.deaf = random.nextInt(4) == 0;
                if (random.nextInt(4) == 0) {
                    twin.generation++;
                }
                if (random.nextInt(3) > 0) {
                    twin.append(twin.name + "-", 1 + random.nextInt(30));
                }
            }
            world.tasks.advance(Duration.ofMillis(random.nextInt(6_000)));
        }
        twins.forEach(Twin::heal);
        assertNothingIsLost(world, "seed " + seed);
    }

    private void assertNothingIsLost(IngestWorld world, String seed) {
        boolean done =
                world.tasks.runUntil(() -> twins.stream().allMatch(t -> t.source.waiting() == 0), Duration.ofHours(3));
        HashSet<String> stored = new HashSet<>(world.ids(IngestWorld.NODE));
        for (Twin twin : twins) {
            List<String> missing =
                    twin.ids.stream().filter(id -> !stored.contains(id)).toList();
            assertEquals(List.of(), missing.subList(0, Math.min(5, missing.size())), seed + ": lost of " + twin.name);
        }
        assertTrue(done, seed + ": some of it waits for ever");
        assertTrue(world.forksTold() > 0);
        assertTrue(
                world.tasks.failures().isEmpty(), () -> world.tasks.failures().toString());
    }
}

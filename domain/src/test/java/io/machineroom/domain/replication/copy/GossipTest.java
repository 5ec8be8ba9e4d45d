package io.machineroom.domain.replication.copy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.domain.replication.config.Sampling;
import io.machineroom.ports.PortException;
import io.machineroom.ports.replica.CopyMessage;
import io.machineroom.ports.replica.StreamHost;
import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.sim.SimJson;
import io.machineroom.ports.transport.Link;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** How the members of a group tell each other whom they saw; W-46 and what is heard that is none. */
final class GossipTest {
    private static final String WORKER = ReplicaWorld.WORKER
            + "inspect_field: sender\ninspect_duration: 1h\nadvisory: {subject: advisories.%s.%v}\n";
    private static final String SUBJECT = "choria.stream-replicator.sync.TEST.GINKGO";

    private final ReplicaWorld world = ReplicaWorld.with(10);

    private Gossip gossip() {
        return new Gossip(
                ReplicaWorld.job(WORKER),
                world.tasks,
                new SimJson(),
                new JobMeter(world.meter, "GINKGO", ReplicaWorld.job(WORKER)));
    }

    private Tracker tracker() {
        Sampling hour =
                new Sampling(Optional.of(new Sampling.Key.Token(-1)), Duration.ofHours(1), Duration.ofMinutes(30), 0);
        return new Tracker(hour, world.tasks.time(), world.tasks.entropy(), Tracker.Events.none());
    }

    /** A connection that may not listen, and counts who tried. */
    private static StreamHost deaf(AtomicInteger tries) {
        return (StreamHost) Proxy.newProxyInstance(
                StreamHost.class.getClassLoader(), new Class<?>[] {StreamHost.class}, (_, method, _) -> {
                    if (method.getName().equals("subscribe")) {
                        tries.incrementAndGet();
                        throw new PortException.Unavailable("link.denied", "the NATS user may not subscribe");
                    }
                    throw new AssertionError(method);
                });
    }

    @Test
    void w46WhoMayNotListenAsksOnceAConnectionAndCopiesAllTheSame() {
        AtomicInteger tries = new AtomicInteger();
        Gossip gossip = gossip();
        Tracker tracker = tracker();
        try (Link.Subscription _ = gossip.listen(deaf(tries))) {
            for (int i = 0; i < 1_000; i++) {
                gossip.take(tracker);
            }
        }
        assertEquals(1, tries.get());
        assertTrue(tracker.items().isEmpty());
    }

    @Test
    void whatIsHeardIsKnownAndWhatIsNoGossipIsLeftOut() throws InterruptedException {
        Gossip gossip = gossip();
        Tracker tracker = tracker();
        Mailbox<CopyMessage> told = world.tasks.mailbox(10);
        world.tasks.run(() -> {
            try (StreamHost host = world.source.connect(
                            new Places(world.ports(Optional.empty()).files())
                                    .of(ReplicaWorld.job(WORKER).source(), "test"));
                    Link.Subscription _ = host.subscribe(SUBJECT, told);
                    Link.Subscription _ = gossip.listen(host)) {
                for (String body : new String[] {"no JSON", "[]", "{}", "{\"value\":\"k\",\"seen\":\"never\"}"}) {
                    host.publish(new CopyMessage(SUBJECT, Map.of(), body.getBytes(StandardCharsets.UTF_8)));
                }
                gossip.tell(host, "host1", new Tracked(world.tasks.time().wall(), Tracked.NEVER, false, 7));
                gossip.take(tracker);
            }
        });
        assertEquals(java.util.Set.of("host1"), tracker.items().keySet());
        assertEquals(7, tracker.item("host1").size());
        assertEquals(5, told.drain(10).size());
    }
}

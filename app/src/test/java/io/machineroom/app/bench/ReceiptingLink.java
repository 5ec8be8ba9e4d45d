package io.machineroom.app.bench;

import io.machineroom.domain.backplane.Receipts;
import io.machineroom.ports.kv.Bucket;
import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.DoneMark;
import io.machineroom.ports.stream.Intake;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.SignedMark;
import io.machineroom.ports.stream.Sink;
import io.machineroom.ports.stream.Stamp;
import io.machineroom.ports.stream.StreamSpec;
import io.machineroom.ports.stream.Subject;
import io.machineroom.ports.transport.Link;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * A real link that also plays the backplane: signs, once a second, a receipt for what JetStream acknowledged, and
 * counts that. The pump's task sends, another one {@linkplain #answer answers}.
 */
final class ReceiptingLink implements Link {
    private final Link link;
    private final Receipts receipts;
    private final String node;
    private final long expected;
    private final CountDownLatch all = new CountDownLatch(1);
    private volatile @Nullable Mailbox<SignedMark> into;
    private volatile @Nullable Stamp last;
    private long acknowledged;

    ReceiptingLink(Link link, Receipts receipts, String node, long expected) {
        this.link = link;
        this.receipts = receipts;
        this.node = node;
        this.expected = expected;
    }

    /** Waits until JetStream has acknowledged as many as were expected. */
    boolean awaitAll(Duration limit) throws InterruptedException {
        return all.await(limit.toMillis(), java.util.concurrent.TimeUnit.MILLISECONDS);
    }

    @Override
    public Sink sink() {
        Sink sink = link.sink();
        return new Sink() {
            @Override
            public Receipt append(List<Delivery> batch, int resend) throws InterruptedException {
                return noted(batch, sink.append(batch, resend));
            }

            @Override
            public Sending begin(List<Delivery> batch, int resend) throws InterruptedException {
                Sending sending = sink.begin(batch, resend);
                return () -> noted(batch, sending.await());
            }

            @Override
            public int depth() {
                return sink.depth();
            }
        };
    }

    private Sink.Receipt noted(List<Delivery> batch, Sink.Receipt receipt) {
        if (receipt.accepted() > 0) {
            last = batch.get(receipt.accepted() - 1).stamp();
        }
        acknowledged += receipt.accepted();
        if (acknowledged >= expected) {
            all.countDown();
        }
        return receipt;
    }

    /** Sends a receipt each second until cancelled. */
    void answer(Tasks tasks) throws InterruptedException {
        while (true) {
            tasks.sleep(Duration.ofSeconds(1));
            Mailbox<SignedMark> to = into;
            Stamp stored = last;
            if (to != null && stored != null) {
                DoneMark mark = new DoneMark(stored.epoch(), stored.lane(), stored.through(), "bench");
                to.offer(receipts.sign(node, mark, 1));
            }
        }
    }

    @Override
    public void receipts(Mailbox<SignedMark> mailbox) {
        into = mailbox;
    }

    @Override
    public State state() {
        return link.state();
    }

    @Override
    public String server() {
        return link.server();
    }

    @Override
    public Bucket bucket(String name) {
        return link.bucket(name);
    }

    @Override
    public byte[] request(String name, byte[] body, Duration timeout) throws InterruptedException {
        return link.request(name, body, timeout);
    }

    @Override
    public void publish(Message message) {
        link.publish(message);
    }

    @Override
    public void store(List<Message> messages) throws InterruptedException {
        link.store(messages);
    }

    @Override
    public Subscription subscribe(Subject pattern, Mailbox<Message> to) {
        return link.subscribe(pattern, to);
    }

    @Override
    public long ensureStream(StreamSpec spec, int replicas) {
        return link.ensureStream(spec, replicas);
    }

    @Override
    public void ensureBucket(String name, int replicas) {
        link.ensureBucket(name, replicas);
    }

    @Override
    public Intake intake(String stream, String consumer) {
        return link.intake(stream, consumer);
    }

    @Override
    public void close() {
        link.close();
    }
}

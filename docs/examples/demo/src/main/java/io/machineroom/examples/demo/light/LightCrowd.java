package io.machineroom.examples.demo.light;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntConsumer;
import javax.net.ssl.SSLContext;

/** Many light nodes of one site, and what happens to them in numbers. Safe from any thread. */
public final class LightCrowd {
    private static final int ENROLMENTS_AT_ONCE = 8;
    private static final int FETCHES_AT_ONCE = 256;
    private static final int ENROLMENT_TRIES = 5;

    private final SSLContext trust;
    private final List<LightNode> nodes = new ArrayList<>();
    private final LongAdder connected = new LongAdder();
    private final LongAdder tries = new LongAdder();
    private final LongAdder created = new LongAdder();
    private final LongAdder published = new LongAdder();
    private final LongAdder receipted = new LongAdder();
    private final LongAdder fetched = new LongAdder();
    private final Semaphore fetching = new Semaphore(FETCHES_AT_ONCE);
    private final AtomicReference<String> trouble = new AtomicReference<>("");
    private volatile boolean speaking;

    /** A crowd that believes the authorities of these PEM files. */
    public LightCrowd(Path... authorities) throws IOException {
        this.trust = Trust.in(authorities);
    }

    /**
     * Enrols nodes with one provisioning token; they are called by the prefix and a number from 1 on.
     *
     * @param progress told how many are enrolled, after each
     */
    public void enrol(URI gateway, String token, String prefix, int count, IntConsumer progress)
            throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newBuilder()
                        .sslContext(trust)
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(Duration.ofSeconds(10))
                        .build();
                ExecutorService pool = Executors.newFixedThreadPool(ENROLMENTS_AT_ONCE)) {
            List<Future<LightEnrolment>> all = new ArrayList<>();
            for (int i = 1; i <= count; i++) {
                String identity = prefix + i;
                all.add(pool.submit(() -> enrolment(http, gateway, token, identity)));
            }
            for (Future<LightEnrolment> each : all) {
                nodes.add(new LightNode(each.get(), this));
                progress.accept(nodes.size());
            }
        } catch (ExecutionException e) {
            throw new IOException("an enrolment failed", e.getCause());
        }
    }

    /** As an agent does: a connection that fails is tried again. */
    private LightEnrolment enrolment(HttpClient http, URI gateway, String token, String identity)
            throws IOException, InterruptedException {
        for (int tried = 1; ; tried++) {
            try {
                return LightEnrolment.at(http, gateway, token, identity);
            } catch (IOException e) {
                if (tried == ENROLMENT_TRIES) {
                    throw e;
                }
                failed(e);
                LightNode.pause(Duration.ofSeconds(2L * tried));
            }
        }
    }

    /** All connect within {@code spread}, and send an event each {@code interval} while {@link #speak} says so. */
    public void start(Duration spread, Duration interval) {
        nodes.forEach(node -> node.start(spread, interval));
    }

    /** Fetches what a list names; not too many at once in this one process, where each has threads of its own. */
    void fetch(LightEnrolment who, byte[] list) throws IOException, InterruptedException {
        fetching.acquire();
        try {
            LightFetch.archive(trust, who, list);
            fetched.increment();
        } finally {
            fetching.release();
        }
    }

    /** Archives that nodes fetched and found to be as their list says. */
    public long fetchedArchives() {
        return fetched.sum();
    }

    /** Whether events are made; connections stay as they are. */
    public void speak(boolean now) {
        speaking = now;
    }

    boolean speaks() {
        return speaking;
    }

    public void stop() {
        nodes.forEach(LightNode::stop);
    }

    public int size() {
        return nodes.size();
    }

    /** How many hold a connection now. */
    public long connectedNow() {
        return connected.sum();
    }

    /** Connections that were begun since the start. */
    public long begun() {
        return tries.sum();
    }

    /** Events that were made. */
    public long createdEvents() {
        return created.sum();
    }

    /** Events handed to a broker, repeats included. */
    public long publishedEvents() {
        return published.sum();
    }

    /** Events that the SaaS has for good. */
    public long receiptedEvents() {
        return receipted.sum();
    }

    /** Events without a receipt. */
    public long waiting() {
        return nodes.stream().mapToLong(LightNode::waiting).sum();
    }

    /** What went wrong last; empty when nothing did. */
    public String lastTrouble() {
        return trouble.get();
    }

    SSLContext trust() {
        return trust;
    }

    LongAdder connected() {
        return connected;
    }

    LongAdder tries() {
        return tries;
    }

    LongAdder created() {
        return created;
    }

    LongAdder published() {
        return published;
    }

    LongAdder receipted() {
        return receipted;
    }

    void failed(IOException e) {
        trouble.set(e.toString());
    }
}

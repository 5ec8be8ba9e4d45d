package io.machineroom.ports.sim;

import io.machineroom.ports.PortException;
import io.machineroom.ports.kv.Bucket;
import io.machineroom.ports.replica.CopyMessage;
import io.machineroom.ports.replica.ReadPlan;
import io.machineroom.ports.replica.StreamFacts;
import io.machineroom.ports.replica.StreamHost;
import io.machineroom.ports.replica.StreamReader;
import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.transport.Link;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** One connection to a simulated NATS of others. */
final class SimForeignHost implements StreamHost {
    private static final Duration LOOK = Duration.ofMillis(20);

    private final SimForeign server;
    private final int number;
    private boolean closed;

    SimForeignHost(SimForeign server, int number) {
        this.server = server;
        this.number = number;
    }

    @Override
    public boolean connected() {
        return !closed && server.reaches(number);
    }

    @Override
    public String server() {
        return "nats://simulated:4222";
    }

    private void reach(String code) {
        if (!connected()) {
            throw new PortException.Unavailable(code, "the simulated server is away");
        }
    }

    @Override
    public Optional<StreamFacts> stream(String name) {
        reach("copy.api");
        return server.stream(name).map(SimForeignStream::facts);
    }

    @Override
    public void makeStream(String name, List<String> subjects) {
        reach("copy.api");
        if (server.stream(name).isEmpty()) {
            server.makeStream(name, subjects.toArray(String[]::new));
        }
    }

    private SimForeignStream existing(String name) {
        reach("copy.api");
        return server.stream(name)
                .orElseThrow(
                        () -> new PortException.Unavailable("copy.no-stream", "there is no stream '" + name + "'"));
    }

    @Override
    public StreamReader reader(ReadPlan plan) {
        existing(plan.stream()).consumer(plan);
        return new Reader(plan);
    }

    private final class Reader implements StreamReader {
        private final ReadPlan plan;

        Reader(ReadPlan plan) {
            this.plan = plan;
        }

        private SimForeignStream stream() {
            reach("copy.source-lost");
            return server.stream(plan.stream())
                    .orElseThrow(() -> new PortException.Unavailable("copy.consumer-gone", "its stream is gone"));
        }

        @Override
        public List<Read> read(int maxMessages, long maxBytes, Duration wait) throws InterruptedException {
            long end = server.tasks().time().ticks() + wait.toNanos();
            while (true) {
                List<Read> ready = stream().ready(plan.consumer(), maxMessages);
                if (!ready.isEmpty() || server.tasks().time().ticks() >= end) {
                    return ready;
                }
                server.tasks().sleep(LOOK);
            }
        }

        @Override
        public void settle(List<Read> messages) {
            stream().settle(plan.consumer(), messages);
        }

        @Override
        public void close() {
            // the consumer stays, and nothing else was taken
        }
    }

    @Override
    public Optional<StreamReader.Read> last(String stream) {
        List<StreamReader.Read> held = existing(stream).held();
        return held.isEmpty() ? Optional.empty() : Optional.of(held.getLast());
    }

    @Override
    public Optional<StreamReader.Read> lastOf(String stream, String subject) {
        return existing(stream).held().stream()
                .filter(read -> read.message().subject().equals(subject))
                .reduce((_, later) -> later);
    }

    @Override
    public Written write(List<CopyMessage> messages, String stream) throws InterruptedException {
        int accepted = 0;
        int duplicates = 0;
        try {
            for (CopyMessage message : messages) {
                reach("sink.lost");
                duplicates += server.take(message, stream) ? 1 : 0;
                accepted++;
            }
            server.tasks().sleep(Duration.ofMillis(1));
            return new Written(accepted, duplicates, null);
        } catch (PortException e) {
            return new Written(accepted, duplicates, e);
        }
    }

    @Override
    public void publish(CopyMessage message) {
        reach("link.lost");
        server.publish(message);
    }

    @Override
    public Link.Subscription subscribe(String subject, Mailbox<CopyMessage> into) {
        reach("link.lost");
        return server.listen(subject, into::offer)::run;
    }

    @Override
    public Bucket bucket(String name) {
        return new SimForeignBucket(
                () -> {
                    reach("bucket.unreachable");
                    return server.bucket(name);
                },
                server,
                name);
    }

    @Override
    public void close() {
        closed = true;
    }
}

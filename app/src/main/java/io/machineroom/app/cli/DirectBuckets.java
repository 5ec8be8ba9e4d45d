package io.machineroom.app.cli;

import io.machineroom.app.graph.Replication;
import io.machineroom.domain.replication.config.Side;
import io.machineroom.ports.PortException;
import io.machineroom.ports.kv.Bucket;
import io.machineroom.ports.replica.StreamHost;
import org.jspecify.annotations.Nullable;

/** Buckets over a connection of a command's own, made anew when it is lost. Safe from any thread. */
final class DirectBuckets implements AutoCloseable {
    private final Replication replication;
    private final Side to;
    private @Nullable StreamHost host;

    DirectBuckets(Replication replication, Side to) {
        this.replication = replication;
        this.to = to;
    }

    synchronized Bucket of(String name) {
        StreamHost there = host;
        if (there == null || !there.connected()) {
            close();
            try {
                there = replication.connect(to);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new PortException.Unavailable("link.interrupted", "interrupted while connecting", e);
            }
            host = there;
        }
        return there.bucket(name);
    }

    @Override
    public synchronized void close() {
        StreamHost there = host;
        host = null;
        if (there != null) {
            there.close();
        }
    }
}

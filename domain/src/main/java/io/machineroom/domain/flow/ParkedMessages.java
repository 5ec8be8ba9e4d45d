package io.machineroom.domain.flow;

import io.machineroom.ports.PortException;
import io.machineroom.ports.host.FileTree;
import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.DoneMark;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.Stamp;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Messages that the other side will never take, kept as evidence: one file each, the oldest leave when
 * there are more than 100 files or 16 MiB. Remembers which numbers are parked until they are done, so
 * that a number once given up is a void each time it is sent. One task.
 */
public final class ParkedMessages {
    /** Cause of the void in their place. */
    public static final String CAUSE = "parked";

    private static final System.Logger LOG = System.getLogger(ParkedMessages.class.getName());
    /** Where they lie, below the storage directory. */
    public static final String DIRECTORY = "parked";

    private static final int MAX_FILES = 100;
    private static final long MAX_BYTES = 16 << 20;

    private final FileTree files;
    private final Set<String> names;

    /**
     * Over a directory {@code parked} in the tree.
     *
     * @param files the storage directory
     */
    public ParkedMessages(FileTree files) {
        this.files = files;
        this.names = new HashSet<>(files.list(DIRECTORY));
    }

    /** The delivery itself, or a void when its number is parked. */
    Delivery orVoid(Delivery delivery) {
        Stamp stamp = delivery.stamp();
        if (names.isEmpty() || stamp.isVoid() || !names.contains(ParkedFile.name(stamp))) {
            return delivery;
        }
        Message message = delivery.message();
        Message empty =
                new Message(Delivery.VOID_SUBJECT, message.id(), Map.of(), ByteBuffer.allocate(0), message.created());
        return new Delivery(delivery.position(), stamp.voided(CAUSE), empty, delivery.attempt());
    }

    /** Puts a message aside. A disk that does not take the evidence is logged and changes nothing else. */
    void park(Delivery delivery, PortException.Refused reason) {
        String name = ParkedFile.name(delivery.stamp());
        names.add(name);
        LOG.log(
                Level.ERROR,
                "event {0} on {1} is refused and parked: {2}: {3}",
                delivery.message().id(),
                delivery.message().subject(),
                reason.code(),
                reason.getMessage());
        try {
            files.replace(DIRECTORY + "/" + name, ParkedFile.write(delivery, reason), 0600);
            prune();
        } catch (PortException disk) {
            LOG.log(Level.ERROR, "no evidence of the parked event could be kept: {0}", disk.code());
        }
    }

    /** These numbers will not be sent again. */
    void done(DoneMark mark) {
        String prefix = ParkedFile.prefix(
                mark.epoch().ordinal(), mark.epoch().nonce(), mark.lane().wireName());
        names.removeIf(n -> n.startsWith(prefix) && number(n) <= mark.through());
    }

    private void prune() {
        List<String> all = files.list(DIRECTORY);
        long bytes = 0;
        int kept = 0;
        for (String name : all.reversed()) {
            long size =
                    files.info(DIRECTORY + "/" + name).map(FileTree.Info::size).orElse(0L);
            bytes += size;
            if (++kept > MAX_FILES || bytes > MAX_BYTES) {
                files.delete(DIRECTORY + "/" + name);
            }
        }
    }

    private static long number(String name) {
        try {
            return Long.parseLong(name.substring(name.lastIndexOf('-') + 1));
        } catch (NumberFormatException foreign) {
            return Long.MAX_VALUE;
        }
    }
}

package io.machineroom.ports.stream;

import io.machineroom.ports.Port;
import java.util.List;

/**
 * Takes what the nodes of a site sent towards the SaaS; used by the leader of the site. Each record is judged by itself: one that
 * cannot go does not hold up those of other nodes. One task uses a site sink.
 */
@Port
public interface SiteSink {
    /** How many batches may be begun and not awaited; at least 1. */
    int depth();

    /**
     * Begins to send a batch in order and does not wait for the next hop. Batches are awaited in the order of their beginning.
     *
     * @param batch at least one record and at most 1,000; a sink that must send less at once does so in several goes
     * @throws io.machineroom.ports.PortException.Unavailable when nothing can be sent now
     */
    Sending begin(List<Forwarded> batch) throws InterruptedException;

    /** A batch on its way. */
    interface Sending {
        /**
         * Waits for the next hop, about ten seconds at most.
         *
         * @return what became of each record, in the order of the batch
         * @throws io.machineroom.ports.PortException.Unavailable what became of the whole batch is not known; it is to be
         *     sent again, and may have arrived
         */
        List<Fate> await() throws InterruptedException;
    }

    /**
     * One record of a node of the site, as that node handed it over.
     *
     * @param nodeKey the node's NATS user key, {@code U…}
     * @param messageId what {@code Nats-Msg-Id} was; stays the same on the next stretch. Empty when there was none
     * @param message under its original subject, without any prefix; its headers hold those of {@link Stamp}. Names that
     *     begin with {@code Nats-} do not pass
     */
    record Forwarded(String nodeKey, String messageId, Message message) {}

    /** What became of a record. */
    sealed interface Fate {
        /**
         * The next hop has it.
         *
         * @param duplicate whether it had it before
         */
        record Taken(boolean duplicate) implements Fate {}

        /**
         * Not now; the same record may go later.
         *
         * @param code as in a {@code PortException}
         * @param detail for the log
         */
        record Later(String code, String detail) implements Fate {}

        /**
         * Numbers of the node before it are missing at the SaaS: it goes when they came, or the node sends all of them again.
         *
         * @param expected the number that the SaaS waits for
         */
        record Gap(long expected) implements Fate {}

        /**
         * Never as it is.
         *
         * @param code as in a {@code PortException}
         * @param detail for the log
         */
        record Refused(String code, String detail) implements Fate {}
    }
}

package io.machineroom.ports.stream;

import io.machineroom.ports.Port;
import java.util.List;

/** Takes batches towards the SaaS. One task uses a sink. */
@Port
public interface Sink {
    /**
     * Sends a batch in order and waits for the next hop. Blocks at most about ten seconds.
     *
     * @param resend how often the pump went back over these numbers; part of the duplicate-window id
     * @return how long a prefix of the batch the next hop acknowledged
     * @throws io.machineroom.ports.PortException.Unavailable link or receiver cannot take it now; the
     *     whole batch is to be repeated
     * @throws io.machineroom.ports.PortException.Refused the first record of the batch can never be taken;
     *     nothing of the batch was
     */
    Receipt append(List<Delivery> batch, int resend) throws InterruptedException;

    /**
     * Begins to send a batch and does not wait for the next hop, so that the line is not idle between two batches. At most
     * {@link #depth} batches are begun and not awaited; they are awaited in the order of their beginning. When one was
     * not taken whole, those begun after it may have arrived all the same: they are not awaited but sent again.
     *
     * @param resend as in {@link #append}
     * @return tells what came of it, once, as {@link #append} does, its errors included
     */
    default Sending begin(List<Delivery> batch, int resend) throws InterruptedException {
        return () -> append(batch, resend);
    }

    /** How many batches may be begun and not awaited; 1 where nothing is gained by more. */
    default int depth() {
        return 1;
    }

    /** A batch on its way. */
    interface Sending {
        /** Waits for the next hop, about ten seconds at most. */
        Receipt await() throws InterruptedException;
    }

    /**
     * What the next hop said.
     *
     * @param accepted length of the acknowledged prefix, 0 to the size of the batch
     * @param duplicates how many of them it already knew
     */
    record Receipt(int accepted, int duplicates) {}
}

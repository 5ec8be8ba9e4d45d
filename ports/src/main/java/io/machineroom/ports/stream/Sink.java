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
     * What the next hop said.
     *
     * @param accepted length of the acknowledged prefix, 0 to the size of the batch
     * @param duplicates how many of them it already knew
     */
    record Receipt(int accepted, int duplicates) {}
}

package io.machineroom.domain.replication.copy;

import io.machineroom.ports.data.Value;

/**
 * Where a copy stands, since the start of the process.
 *
 * @param job stream and name
 * @param phase {@code connecting}, {@code waiting} for leadership, {@code copying} or {@code stopped}
 * @param sequence number of the newest source message that is dealt with
 * @param lag messages that wait at the source
 * @param copied messages stored at the target
 * @param skipped messages left out by sampling or age
 * @param parked messages that the target never takes
 * @param error what went wrong last, with its code; empty when nothing since something was copied
 */
public record JobState(
        String job, String phase, long sequence, long lag, long copied, long skipped, long parked, String error) {
    /** For people and programs. */
    public Value.Obj value() {
        return Value.obj("job", Value.text(job), "phase", Value.text(phase), "sequence", Value.num(sequence))
                .with("lag", Value.num(lag))
                .with("copied", Value.num(copied))
                .with("skipped", Value.num(skipped))
                .with("parked", Value.num(parked))
                .with("error", Value.text(error));
    }
}

package io.machineroom.domain.replication.copy;

import io.machineroom.domain.replication.config.JobConfig;
import io.machineroom.ports.PortException;
import io.machineroom.ports.replica.StreamReader.Read;

/** Counts what a job did. One task counts; {@link #state} is safe from any. */
final class JobTally {
    private final String job;
    private final JobMeter meter;
    private long sequence;
    private long last;
    private long copied;
    private long skipped;
    private long parked;
    private String phase = "connecting";
    private String error = "";
    private volatile JobState state;

    JobTally(JobConfig job, JobMeter meter) {
        this.job = job.toString();
        this.meter = meter;
        this.state = snapshot();
    }

    JobState state() {
        return state;
    }

    private JobState snapshot() {
        return new JobState(job, phase, sequence, Math.max(0, last - sequence), copied, skipped, parked, error);
    }

    private void show() {
        state = snapshot();
    }

    void phase(String now) {
        phase = now;
        show();
    }

    /** Somebody else leads now: where this member stood says nothing any more. */
    void waiting() {
        if (!phase.equals("waiting")) {
            meter.gauge("replicator_stream_sequence", 0);
            phase("waiting");
        }
    }

    void received(Read read) {
        meter.count("replicator_total_messages", 1);
        meter.count("replicator_total_bytes", read.message().body().length);
    }

    void copied(Read read) {
        copied++;
        error = "";
        meter.count("replicator_copied_messages", 1);
        meter.count("replicator_copied_bytes", read.message().body().length);
    }

    void sampledOut(Read read) {
        skipped++;
        meter.count("replicator_skipped_messages", 1);
        meter.count("replicator_skipped_bytes", read.message().body().length);
    }

    void tooOld() {
        skipped++;
        meter.count("replicator_too_old_messages", 1);
    }

    void parked() {
        parked++;
        meter.count("replicator_parked_messages", 1);
        show();
    }

    void failed(PortException fault) {
        error = fault.code() + ": " + fault.getMessage();
        meter.count("replicator_handler_error_count", 1);
        show();
    }

    /** Where the copy is, after a batch. */
    void at(long done) {
        sequence = done;
        last = Math.max(last, done);
        meter.gauge("replicator_stream_sequence", (double) done);
        lag();
    }

    /** What the source has. */
    void source(long newest) {
        last = newest;
        lag();
    }

    private void lag() {
        meter.gauge("replicator_stream_lag_messages", (double) Math.max(0, last - sequence));
        meter.gauge("replicator_failing", error.isEmpty() ? 0 : 1);
        show();
    }

    /** How old the message was that was dealt with last, in seconds. */
    void age(double seconds) {
        meter.gauge("replicator_oldest_age_seconds", Math.max(0, seconds));
    }

    void consumerMade() {
        meter.count("replicator_consumer_recreated", 1);
    }
}

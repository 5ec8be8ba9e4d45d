package io.machineroom.domain.spooling.submission;

/**
 * Submissions in numbers, since the start.
 *
 * @param taken messages that the spool has for good
 * @param rejected files put aside
 * @param waiting files in the directory at the last look
 * @param lastCode why files wait; empty when none has to
 */
public record SubmissionState(long taken, long rejected, long waiting, String lastCode) {
    public static SubmissionState none() {
        return new SubmissionState(0, 0, 0, "");
    }
}

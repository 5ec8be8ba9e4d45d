package io.machineroom.domain.provisioning;

/**
 * How the attempts go, for status and logs.
 *
 * @param attempts attempts since the start
 * @param identity name asked for; empty before the first
 * @param lastCode code of the last refusal or failure; empty when there was none
 * @param lastReason its sentence, without secrets
 */
public record EnrolmentState(long attempts, String identity, String lastCode, String lastReason) {
    public static EnrolmentState none() {
        return new EnrolmentState(0, "", "", "");
    }
}

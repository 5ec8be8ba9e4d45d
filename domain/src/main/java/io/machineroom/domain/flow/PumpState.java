package io.machineroom.domain.flow;

/**
 * A pump in numbers, since it started.
 *
 * @param sent records that the next hop acknowledged, repeats counted again
 * @param done records that receipts declared stored for good
 * @param waiting records of the spool without a receipt
 * @param inFlight sent records without a receipt
 * @param resend how often the pump went back
 * @param parked messages put aside because they were refused
 * @param lastCode code of the last failure; empty once something was sent after it
 * @param storeId name of the store behind the last receipt; empty before the first
 */
public record PumpState(
        long sent, long done, long waiting, long inFlight, int resend, long parked, String lastCode, String storeId) {
    public static PumpState none() {
        return new PumpState(0, 0, 0, 0, 0, 0, "", "");
    }
}

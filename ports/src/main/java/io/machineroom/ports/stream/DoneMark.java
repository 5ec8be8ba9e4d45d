package io.machineroom.ports.stream;

/**
 * "Everything up to here is stored for good", said by the SaaS.
 *
 * @param epoch opening whose numbers are meant
 * @param lane the lane
 * @param through last number stored without a gap, counted from 1; 0 for nothing yet
 * @param storeId random name of the store that holds them; another name means another store
 */
public record DoneMark(Epoch epoch, Lane lane, long through, String storeId) {}

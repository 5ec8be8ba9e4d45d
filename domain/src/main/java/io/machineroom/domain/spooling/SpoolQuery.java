package io.machineroom.domain.spooling;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.Lane;
import java.util.Optional;

/**
 * Which records somebody wants to see.
 *
 * @param lane only this lane
 * @param subject only subjects that begin so
 * @param limit at most so many
 */
record SpoolQuery(Optional<Lane> lane, String subject, long limit) {
    static SpoolQuery of(Value.Obj request) {
        Optional<Lane> lane = request.text("lane").map(SpoolQuery::lane);
        return new SpoolQuery(
                lane, request.text("subject").orElse(""), request.whole("limit").orElse(Long.MAX_VALUE));
    }

    private static Lane lane(String name) {
        try {
            return Lane.ofWire(name);
        } catch (IllegalArgumentException e) {
            throw new PortException.Refused(
                    "control.invalid", "lane " + name + " is none; lanes are urgent, normal, bulk and newest", e);
        }
    }

    boolean matches(Delivery delivery) {
        return (lane.isEmpty() || lane.get() == delivery.stamp().lane())
                && (subject.isEmpty()
                        || !delivery.stamp().isVoid()
                                && delivery.message().subject().text().startsWith(subject));
    }
}

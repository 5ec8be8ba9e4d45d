package io.machineroom.domain.replication;

import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.SiteSink;
import io.machineroom.ports.stream.Stamp;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/** The void that stands for a parked record, in the name of its node. */
final class SiteVoid {
    private static final String CAUSE = "parked";

    private SiteVoid() {}

    static SiteSink.Forwarded of(SiteRecord record) {
        Stamp stamp = record.stamp().voided(CAUSE);
        Message parked = record.forwarded().message();
        Map<String, String> headers = new LinkedHashMap<>(stamp.headers());
        headers.put("Mr-Created", parked.created().toString());
        Message empty =
                new Message(Delivery.VOID_SUBJECT, parked.id(), headers, ByteBuffer.allocate(0), parked.created());
        String id = record.forwarded().messageId();
        return new SiteSink.Forwarded(record.forwarded().nodeKey(), id.isEmpty() ? "" : id + "." + CAUSE, empty);
    }
}

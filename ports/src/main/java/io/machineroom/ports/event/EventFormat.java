package io.machineroom.ports.event;

import io.machineroom.ports.Port;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * One encoding of CloudEvents, single and in batches. Stateless; safe from any task; never blocks.
 *
 * <p>Batches frame events that are already encoded and never open them: JSON as
 * {@code application/cloudevents-batch+json}, protobuf as repeated field 1 of {@code CloudEventBatch}.
 */
@Port
public interface EventFormat {
    /** {@code application/cloudevents+protobuf} or {@code application/cloudevents+json}. */
    String contentType();

    /** {@code application/cloudevents-batch+protobuf} or {@code application/cloudevents-batch+json}. */
    String batchContentType();

    /**
     * Encodes one event.
     *
     * @throws io.machineroom.ports.PortException.Refused {@code event.unencodable}
     */
    byte[] encode(Event event);

    /**
     * Decodes one event.
     *
     * @throws io.machineroom.ports.PortException.Refused {@code event.undecodable}
     */
    Event decode(byte[] encoded);

    /** Frames encoded events as one batch, in order. The buffers' positions are left as they were. */
    byte[] join(List<ByteBuffer> encoded);

    /**
     * The exact bytes of each event of a batch, in order.
     *
     * @throws io.machineroom.ports.PortException.Refused {@code batch.invalid}; {@code batch.too-many}
     *     when it holds more than {@code maxEvents}
     */
    List<byte[]> split(byte[] batch, int maxEvents);
}

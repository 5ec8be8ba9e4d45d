package io.machineroom.ports.sim;

import io.machineroom.ports.PortException;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.SiteSink;
import io.machineroom.ports.stream.Subject;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The sink of a simulated link for the nodes of a site. Judges each record by itself. */
final class SimSiteSink implements SiteSink {
    private final SimLink link;
    private final String site;

    SimSiteSink(SimLink link, String site) {
        this.link = link;
        this.site = site;
    }

    @Override
    public int depth() {
        return 2;
    }

    @Override
    public Sending begin(List<Forwarded> batch) {
        return () -> link.ask("sink.timeout", SimLink.PATIENCE, () -> {
            List<Fate> fates = new ArrayList<>();
            batch.forEach(record -> fates.add(one(record)));
            return fates;
        });
    }

    private Fate one(Forwarded record) {
        Message message = record.message();
        if (message.size() > SimStreams.MAX_PAYLOAD) {
            return new Fate.Refused("sink.too-large", message.size() + " bytes");
        }
        Map<String, String> headers = new LinkedHashMap<>(message.headers());
        headers.keySet().removeIf(name -> name.startsWith("Nats-"));
        Message sent = new Message(
                Subject.of("ms." + site + "." + record.nodeKey() + "." + message.subject()),
                message.id(),
                headers,
                ByteBuffer.wrap(message.bytes()),
                message.created());
        try {
            return new Fate.Taken(link.keep(sent, record.messageId()).duplicate());
        } catch (PortException.Unavailable e) {
            return new Fate.Later(e.code(), String.valueOf(e.getMessage()));
        } catch (PortException.Refused e) {
            return new Fate.Refused(e.code(), String.valueOf(e.getMessage()));
        }
    }
}

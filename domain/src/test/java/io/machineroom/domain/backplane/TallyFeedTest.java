package io.machineroom.domain.backplane;

import static io.machineroom.domain.backplane.IngestWorld.NODE;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.machineroom.domain.event.Events;
import io.machineroom.domain.event.Outgoing;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.sim.SimEventLog;
import io.machineroom.ports.sim.SimEvents;
import io.machineroom.ports.sim.SimJson;
import io.machineroom.ports.sim.SimMeter;
import io.machineroom.ports.sim.SimStorage;
import io.machineroom.ports.sim.SimTasks;
import io.machineroom.ports.spool.SpoolProvider;
import io.machineroom.ports.store.EventLog;
import io.machineroom.ports.stream.Epoch;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.Stamp;
import io.machineroom.ports.stream.Subject;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The event log into the tally. */
final class TallyFeedTest {
    private static final String NODES = "mr_backplane_tally_nodes{component=\"server\",version=\"%s\"}";

    private final SimTasks tasks = new SimTasks(23);
    private final SimMeter meter = new SimMeter();
    private final SimEvents format = new SimEvents();
    private final EventLog log = SimEventLog.open(
            new SimStorage(tasks::await), new SpoolProvider.LogSettings(Path.of("/log"), 8 << 20, 0), tasks.entropy());
    private long number;

    private void store(String subject, String contentType, byte[] body) {
        number++;
        Message message = new Message(
                Subject.of(subject),
                "id" + number,
                Map.of(Message.CONTENT_TYPE, contentType),
                ByteBuffer.wrap(body),
                SimTasks.START);
        Epoch epoch = new Epoch("a".repeat(32), 1, "b".repeat(32));
        EventLog.Entry entry = new EventLog.Entry(
                "acme",
                "",
                "n1",
                NODE.nodeKey(),
                Stamp.message(epoch, null, Lane.NORMAL, number),
                message,
                SimTasks.START);
        tasks.run(() -> log.append(List.of(entry)));
        tasks.advance(Duration.ofSeconds(2));
    }

    private void store(Outgoing event) {
        store(event.subject().text(), format.contentType(), format.encode(event.event()));
    }

    @Test
    void countsWhatComesInBothFormsAndGoesOnAfterWhatItCannotRead() {
        Events old = new Events("n1", Events.COMPONENT_SERVER, "1", tasks.time(), tasks.entropy());
        store(old.alive());
        EventDecoder decoder = new EventDecoder(List.of(format), new SimJson());
        TallyFeed feed = new TallyFeed(log, decoder, tasks.time(), meter);
        Tasks.Task task = tasks.fork("tally", feed::run);
        tasks.advance(Duration.ofSeconds(2));
        assertEquals(0, meter.counter("mr_backplane_tally_events_total{type=\"alive\"}"));
        store(old.startup());
        assertEquals(1, meter.gauge(NODES.formatted("1")));
        store("choria.lifecycle.event.alive.server", format.contentType(), new byte[] {1});
        assertEquals(1, meter.counter("mr_backplane_tally_errors_total{code=\"event.undecodable\"}"));
        store(
                "choria.lifecycle.event.alive.server",
                "application/json",
                ("{\"protocol\":\"io.choria.lifecycle.v1.alive\",\"component\":\"server\",\"identity\":\"n1\","
                                + "\"version\":\"2\"}")
                        .getBytes(StandardCharsets.UTF_8));
        assertEquals(0, meter.gauge(NODES.formatted("1")));
        assertEquals(1, meter.gauge(NODES.formatted("2")));
        tasks.advance(Duration.ofMinutes(90));
        assertEquals(0, meter.gauge(NODES.formatted("2")));
        task.cancel();
    }
}

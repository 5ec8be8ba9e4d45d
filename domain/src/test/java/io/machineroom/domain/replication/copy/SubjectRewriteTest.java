package io.machineroom.domain.replication.copy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rows MAP-01 to MAP-10 of the behaviours of streams, and what W-20 asks for: whole tokens, once. */
final class SubjectRewriteTest {
    @ParameterizedTest
    @CsvSource({
        "MAP-01, '', '', machine_room.nodes.app1.managed.example.net, machine_room.nodes.app1.managed.example.net",
        "MAP-02, machine_room.submit., choria.submission.in., choria.submission.in.my.event, machine_room.submit.my.event",
        "MAP-03, machine_room.events.lifecycle., choria.lifecycle., choria.lifecycle.event.alive.server, machine_room.events.lifecycle.event.alive.server",
        "MAP-04, machine_room.events.machine., choria.machine., choria.machine.transition, machine_room.events.machine.transition",
        "MAP-05, machine_room.events.machine., choria.machine., choria.machine.watcher.exec.state, machine_room.events.machine.watcher.exec.state",
        "MAP-06, '', eu, $KV.CONFIG.eu.machines, $KV.CONFIG.machines",
        "MAP-07, FLEET_NODES, NODE_DATA, NODE_DATA.host.example.net, FLEET_NODES.host.example.net",
        "MAP-08, '', eu, $KV.CONFIG.eu.queue, $KV.CONFIG.queue",
        "MAP-09, '', app, $KV.CONFIG.app.myapp.cfg, $KV.CONFIG.myapp.cfg",
        "MAP-10, '', CONFIG, $KV.CONFIG.CONFIG.machines, $KV.CONFIG.machines",
        "W-20 text within a token, '', app, $KV.CONFIG.app.myapp.cfg, $KV.CONFIG.myapp.cfg",
        "W-20 once only, '', app, $KV.CONFIG.app.x.app, $KV.CONFIG.x.app",
        "W-20 nothing would be left, '', CONFIG, CONFIG, CONFIG",
        "SRC-03, copy.x.redundant., redundant, TEST, copy.x.TEST",
        "a part that is not there, p, gone, a.b, p.a.b",
        "patterns too, p., a., a.>, p.>"
    })
    void rewrites(String row, String prefix, String remove, String subject, String expected) {
        assertEquals(expected, new SubjectRewrite(prefix, remove).of(subject), row);
    }
}

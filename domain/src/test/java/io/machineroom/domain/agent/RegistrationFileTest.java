package io.machineroom.domain.agent;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.domain.event.Events;
import io.machineroom.domain.event.Outgoing;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.stream.Lane;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/** Rows REG of the behaviours of streams, for the provider of a file. */
final class RegistrationFileTest extends AgentFixture {
    private static final Path FILE = Path.of("/etc/agent/about.json");
    private static final byte[] CONTENT = "{\"file\": true}".getBytes(StandardCharsets.UTF_8);

    private final List<Outgoing> sent = new ArrayList<>();

    private RegistrationFile registration() {
        Events events = new Events("n1", Events.COMPONENT_SERVER, "1.2.3", tasks.time(), tasks.entropy());
        return new RegistrationFile(FILE, Duration.ofMinutes(5), ports(), events, sent::add);
    }

    private void write(byte[] content) {
        root.replace(FILE.toString().substring(1), content, 0600);
    }

    private Value.Obj data(int at) {
        return sent.get(at).event().data();
    }

    @Test
    void reg01SaysNothingOfAnEmptyFile() {
        write(new byte[0]);
        tasks.fork("registration", registration()::run);
        tasks.advance(Duration.ofMinutes(20));
        assertEquals(List.of(), sent);
    }

    @Test
    void reg02IsMeantForWhoeverRegisters() {
        write(CONTENT);
        tasks.fork("registration", registration()::run);
        tasks.advance(Duration.ofSeconds(10));
        assertEquals(
                "choria.broadcast.agent.registration", sent.getFirst().subject().text());
        assertEquals(Lane.NORMAL, sent.getFirst().lane(), "in lane newest it would take the place of the inventory");
        tasks.advance(Duration.ofMinutes(5));
        assertEquals(2, sent.size());
    }

    @Test
    void reg06SaysThatThereIsNoFileAndGoesOnWhenThereIs() {
        PortException.Refused refused = assertThrows(PortException.Refused.class, registration()::document);
        assertEquals("could not find data file /etc/agent/about.json", refused.getMessage());
        tasks.fork("registration", registration()::run);
        tasks.advance(Duration.ofMinutes(6));
        assertEquals(List.of(), sent);
        write(CONTENT);
        tasks.advance(Duration.ofMinutes(5));
        assertEquals(1, sent.size());
    }

    @Test
    void reg08HasTheFormOfTheOriginal() throws IOException {
        write(CONTENT);
        Value.Obj document = registration().document().orElseThrow();
        assertEquals(
                List.of("mtime", "file", "updated", "protocol", "zcontent"),
                List.copyOf(document.fields().keySet()));
        assertEquals(
                tasks.time().wall().getEpochSecond(), document.whole("mtime").orElseThrow());
        assertFalse(document.bool("updated").orElseThrow());
        assertEquals(
                "choria:registration:filecontent:1", document.text("protocol").orElseThrow());
        byte[] packed = Base64.getDecoder().decode(document.text("zcontent").orElseThrow());
        assertArrayEquals(CONTENT, new GZIPInputStream(new ByteArrayInputStream(packed)).readAllBytes());
    }

    @Test
    void reg10SaysWhetherTheFileChangedSinceItWasPublished() {
        write(CONTENT);
        tasks.fork("registration", registration()::run);
        tasks.advance(Duration.ofMinutes(1));
        write(CONTENT);
        tasks.advance(Duration.ofMinutes(10));
        assertEquals(3, sent.size());
        assertFalse(data(0).bool("updated").orElseThrow());
        assertTrue(data(1).bool("updated").orElseThrow());
        assertFalse(data(2).bool("updated").orElseThrow());
    }
}

package io.machineroom.domain.agent;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.domain.event.Outgoing;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.stream.Lane;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/** Rows REG-nn of the provider of a file's content, alone and in an agent. */
final class RegisteredFileTest extends AgentFixture {
    private static final byte[] CONTENT = "{\"file\": true}".getBytes(StandardCharsets.UTF_8);

    private final List<Outgoing> sent = new ArrayList<>();

    private NodeContext context() {
        start(agent());
        assertTrue(tasks.runUntil(() -> !ready.isEmpty(), SOON));
        NodeContext real = ready.getFirst();
        return new NodeContext(
                real.settings(),
                real.enrolment(),
                real.events(),
                event -> {
                    sent.add(event);
                    real.out().accept(event);
                },
                real.buckets(),
                real.messages(),
                real.slots(),
                real.gateway(),
                real.facts(),
                real.refreshFacts());
    }

    private RegisteredFile file(boolean compressed) {
        return new RegisteredFile(new RegisteredFile.Place(root, "data.json", compressed), ports(), context());
    }

    private void write(byte[] content) {
        root.replace("data.json", content, 0600);
    }

    private static byte[] unpacked(Value.Obj document) throws IOException {
        byte[] packed = Base64.getDecoder().decode(document.text("zcontent").orElseThrow());
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
            return in.readAllBytes();
        }
    }

    @Test
    void reg06SaysWhichFileIsMissing() {
        PortException.Refused why =
                assertThrows(PortException.Refused.class, () -> file(true).document());
        assertEquals("could not find data file /data.json", why.getMessage());
    }

    @Test
    void reg08PublishesTheFileInGzip() throws IOException {
        RegisteredFile file = file(true);
        write(CONTENT);
        Value.Obj out = file.document().orElseThrow();
        assertEquals(
                Set.of("mtime", "file", "updated", "protocol", "zcontent"),
                out.fields().keySet());
        assertEquals(tasks.time().wall().getEpochSecond(), out.whole("mtime").orElseThrow());
        assertEquals(Optional.of("/data.json"), out.text("file"));
        assertEquals(Optional.of(false), out.bool("updated"));
        assertEquals(Optional.of("choria:registration:filecontent:1"), out.text("protocol"));
        assertArrayEquals(CONTENT, unpacked(out));
    }

    @Test
    void reg10TellsWhetherTheFileIsNewerThanTheOneBefore() {
        RegisteredFile file = file(false);
        write(CONTENT);
        Value.Obj first = file.document().orElseThrow();
        assertEquals(Optional.of(false), first.bool("updated"));
        assertArrayEquals(
                CONTENT, Base64.getDecoder().decode(first.text("content").orElseThrow()));
        assertTrue(first.get("zcontent").isEmpty());
        tasks.advance(Duration.ofSeconds(2));
        write(CONTENT);
        assertEquals(Optional.of(true), file.document().orElseThrow().bool("updated"));
        assertEquals(Optional.of(false), file.document().orElseThrow().bool("updated"));
    }

    @Test
    void reg01AnEmptyOrMissingFileIsNoRegistrationAndNoEnd() {
        RegisteredFile file = file(true);
        Tasks.Task task = tasks.fork("file", file::run);
        tasks.advance(Duration.ofMinutes(1));
        write(new byte[0]);
        tasks.advance(Duration.ofMinutes(11));
        assertEquals(List.of(), sent);
        write(CONTENT);
        tasks.advance(Duration.ofSeconds(31));
        assertEquals(1, sent.size());
        assertEquals(Lane.NEWEST, sent.getFirst().lane());
        tasks.advance(Duration.ofMinutes(5));
        assertEquals(2, sent.size(), "again on the interval");
        root.delete("data.json");
        tasks.advance(Duration.ofMinutes(10));
        assertEquals(2, sent.size());
        assertTrue(!task.done());
    }

    /** The original drops what it registers without a connection, and hears nothing of one that failed: here it waits. */
    @Test
    void reg04AndReg05WhatIsRegisteredWithoutALinkArrivesLater() {
        RegisteredFile file = file(true);
        saas.way("https").reachable(false);
        write(CONTENT);
        tasks.fork("file", file::run);
        tasks.advance(Duration.ofMinutes(2));
        assertEquals(1, sent.size());
        String id = sent.getFirst().event().id();
        assertTrue(!saas.stored().contains(id));
        saas.way("https").reachable(true);
        assertTrue(tasks.runUntil(() -> saas.stored().contains(id), Duration.ofMinutes(20)));
    }

    @Test
    void anEnrolledAgentPublishesTheFileOfItsSettings() {
        registered = Optional.of(new RegisteredFile.Place(root, "data.json", true));
        start(agent());
        assertTrue(tasks.runUntil(() -> !ready.isEmpty(), SOON));
        tasks.advance(Duration.ofSeconds(60));
        int before = saas.stored().size();
        write(CONTENT);
        tasks.advance(Duration.ofSeconds(32));
        assertEquals(before + 1, saas.stored().size());
        assertTrue(tasks.failures().isEmpty(), () -> tasks.failures().toString());
    }
}

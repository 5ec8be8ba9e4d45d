package io.machineroom.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.machineroom.ports.PortException;
import io.machineroom.ports.gateway.Gateway;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class UpstreamTurnsTest {
    private static Gateway.Request request(String query) {
        return new Gateway.Request("GET", "/v1/x", query, Map.of(), new byte[0], "follower");
    }

    @Test
    void whoComesTooManyWaitsForATurn() throws Exception {
        UpstreamTurns turns = new UpstreamTurns(2);
        UpstreamTurns.Turn one = turns.take(request(""));
        UpstreamTurns.Turn two = turns.take(request(""));
        CompletableFuture<UpstreamTurns.Turn> third = new CompletableFuture<>();
        Thread asking = Thread.ofVirtual().start(() -> {
            try {
                third.complete(turns.take(request("")));
            } catch (InterruptedException e) {
                third.completeExceptionally(e);
            }
        });
        assertFalse(asking.join(java.time.Duration.ofMillis(100)));
        one.close();
        third.get(10, TimeUnit.SECONDS).close();
        two.close();
    }

    @Test
    void whoWaitsForNewsNeverKeepsTheOthersOut() throws InterruptedException {
        UpstreamTurns turns = new UpstreamTurns(2);
        try (UpstreamTurns.Turn _ = turns.take(request("wait=25"))) {
            PortException.Unavailable busy =
                    assertThrows(PortException.Unavailable.class, () -> turns.take(request("wait=25")));
            assertEquals("gateway.busy", busy.code());
            turns.take(request("")).close();
        }
        turns.take(request("wait=25")).close();
    }

    @Test
    void aHeapBearsConnectionsByItsSize() {
        HeapShare agent = new HeapShare(48L << 20);
        assertEquals(128, agent.requests());
        assertEquals(160, agent.connections());
        assertEquals(32, agent.passedOn());
        assertEquals(1_024, new HeapShare(384L << 20).requests());
        assertEquals(32, new HeapShare(1L << 20).requests());
    }
}

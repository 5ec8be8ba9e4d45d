package io.machineroom.domain.replication.relay;

import io.machineroom.ports.gateway.Gateway;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.runtime.TimeSource;
import io.machineroom.ports.security.Signatures;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Which sessions the SaaS accepted lately, and for this site. Remembers digests of them, never the sessions; the last
 * {@value #MOST} of them. Safe from any task.
 */
final class AcceptedSessions {
    private static final int MOST = 10_000;
    private static final long GOOD_NANOS = 900_000_000_000L;

    private final Signatures signatures;
    private final TimeSource time;
    private final String place;
    private final Turn turn;
    private final Map<String, Long> acceptedAt = new LinkedHashMap<>();

    /**
     * Remembers none yet.
     *
     * @param place customer and site that count, as {@code Mr-Site} gives them
     */
    AcceptedSessions(Signatures signatures, TimeSource time, Tasks tasks, String place) {
        this.signatures = signatures;
        this.time = time;
        this.place = place;
        this.turn = new Turn(tasks);
    }

    /** Whether an answer was for a session of this site. */
    boolean isOurs(Gateway.Response answer) {
        return place.equals(header(answer, "mr-site").orElse(""));
    }

    /** Takes note of what the SaaS said to a session. */
    void note(Gateway.Request request, Gateway.Response answer) throws InterruptedException {
        Optional<String> digest = digest(request);
        if (digest.isEmpty()) {
            return;
        }
        boolean ours = isOurs(answer);
        if (!ours && answer.status() != 401) {
            return;
        }
        long now = time.ticks();
        turn.take(() -> {
            acceptedAt.remove(digest.get());
            if (ours) {
                acceptedAt.put(digest.get(), now);
            }
            if (acceptedAt.size() > MOST) {
                acceptedAt.remove(acceptedAt.keySet().iterator().next());
            }
            return true;
        });
    }

    /** Whether the SaaS accepted the session of a request within the last quarter of an hour. */
    boolean isFresh(Gateway.Request request) throws InterruptedException {
        Optional<String> digest = digest(request);
        if (digest.isEmpty()) {
            return false;
        }
        long now = time.ticks();
        return turn.take(() -> {
            Long at = acceptedAt.get(digest.get());
            return at != null && now - at <= GOOD_NANOS;
        });
    }

    private Optional<String> digest(Gateway.Request request) {
        return request.header("authorization")
                .filter(value -> value.startsWith("Bearer "))
                .map(value -> signatures.sha256(value.getBytes(StandardCharsets.UTF_8)));
    }

    static Optional<String> header(Gateway.Response answer, String name) {
        return answer.headers().entrySet().stream()
                .filter(h -> h.getKey().equalsIgnoreCase(name))
                .map(Map.Entry::getValue)
                .findFirst();
    }
}

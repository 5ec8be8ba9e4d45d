package io.machineroom.domain.spooling.submission;

import io.machineroom.ports.PortException;
import io.machineroom.ports.security.Signatures;
import io.machineroom.ports.spool.Spool;
import io.machineroom.ports.stream.Message;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * What the spool has already, by id and digest: what was in both when the process began, and the last {@value #MAX} messages
 * since. The same message again needs no second place; another message of the same id would be hidden by the first one in
 * every stream that drops repeated ids, so that it is refused where somebody still hears of it. One task.
 */
final class TakenMessages {
    static final int MAX = 10_000;

    private final Signatures signatures;
    private final Map<String, String> atStart = new HashMap<>();
    private final LinkedHashMap<String, String> since = new LinkedHashMap<>();

    TakenMessages(Signatures signatures) {
        this.signatures = signatures;
    }

    /** Looks into the spool for messages with these ids. */
    void find(Set<String> ids, Spool spool) throws InterruptedException {
        atStart.clear();
        if (ids.isEmpty()) {
            return;
        }
        spool.walk(delivery -> {
            if (!delivery.stamp().isVoid()
                    && delivery.message().subject().isUnder(Submission.PREFIX)
                    && ids.contains(delivery.message().id())) {
                atStart.putIfAbsent(delivery.message().id(), digest(delivery.message()));
            }
            return atStart.size() < ids.size();
        });
    }

    /** The spool has it. */
    void add(String id, String digest) {
        since.putIfAbsent(id, digest);
        if (since.size() > MAX) {
            since.pollFirstEntry();
        }
    }

    /**
     * Whether the spool has this message.
     *
     * @throws PortException.Refused {@code submission.id-taken} when it has another one with its id
     */
    boolean has(Submission message) {
        String known = atStart.getOrDefault(message.id(), since.getOrDefault(message.id(), ""));
        if (known.isEmpty()) {
            return false;
        }
        if (!known.equals(digest(message))) {
            throw new PortException.Refused(
                    "submission.id-taken", "another message has the id '" + message.id() + "' already");
        }
        return true;
    }

    String digest(Message message) {
        return digest(
                message.subject().text(),
                message.headers().getOrDefault(SubmissionEnvelope.CREATED, ""),
                message.headers().getOrDefault(SubmissionEnvelope.SENDER, ""),
                message.bytes());
    }

    private String digest(Submission message) {
        return digest(
                Submission.PREFIX + "." + message.subject(),
                SubmissionEnvelope.nanoseconds(message.created()),
                message.sender(),
                message.bytes());
    }

    private String digest(String subject, String created, String sender, byte[] payload) {
        String all = subject + "\n" + created + "\n" + sender + "\n" + signatures.sha256(payload);
        return signatures.sha256(all.getBytes(StandardCharsets.UTF_8));
    }
}

package io.machineroom.domain.spooling.submission;

import io.machineroom.ports.PortException;
import io.machineroom.ports.security.Signatures;
import io.machineroom.ports.spool.Spool;
import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Message;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What the spool has already, by id and digest: what was in both when the process began, and the last {@value #MAX} messages
 * since. The same message again needs no second place; another message of the same id would be hidden by the first one in
 * every stream that drops repeated ids, so that it is refused where somebody still hears of it. One task.
 */
final class TakenMessages {
    static final int MAX = 10_000;

    private final Signatures signatures;
    private final Map<String, Known> atStart = new HashMap<>();
    private final LinkedHashMap<String, Known> before = new LinkedHashMap<>();
    private final LinkedHashMap<String, Known> since = new LinkedHashMap<>();

    TakenMessages(Signatures signatures) {
        this.signatures = signatures;
    }

    /** Where the spool has a message. */
    record Place(Lane lane, long number) {}

    private record Known(String digest, Place place) {}

    /** Looks into the spool for messages with these ids. */
    void find(Set<String> ids, Spool spool) throws InterruptedException {
        atStart.clear();
        if (ids.isEmpty()) {
            return;
        }
        spool.walk(delivery -> {
            if (isSubmission(delivery) && ids.contains(delivery.message().id())) {
                atStart.putIfAbsent(delivery.message().id(), known(delivery));
            }
            return atStart.size() < ids.size();
        });
    }

    /** Looks into the spool for the newest messages of each lane, {@value #MAX} in all. */
    void findAll(Spool spool) throws InterruptedException {
        before.clear();
        spool.walk(delivery -> {
            if (isSubmission(delivery)) {
                keep(before, delivery.message().id(), known(delivery));
            }
            return true;
        });
    }

    private static boolean isSubmission(Delivery delivery) {
        return !delivery.stamp().isVoid() && delivery.message().subject().isUnder(Submission.PREFIX);
    }

    private Known known(Delivery delivery) {
        return new Known(
                digest(delivery.message()),
                new Place(delivery.stamp().lane(), delivery.stamp().from()));
    }

    private static void keep(SequencedMap<String, Known> in, String id, Known known) {
        in.putIfAbsent(id, known);
        if (in.size() > MAX) {
            in.pollFirstEntry();
        }
    }

    /** The spool has it there. */
    void add(Message message, Place place) {
        keep(since, message.id(), new Known(digest(message), place));
    }

    /**
     * Where the spool has this message; empty when it has not.
     *
     * @throws PortException.Refused {@code submission.id-taken} when it has another one with its id
     */
    Optional<Place> place(Submission message) {
        Optional<Known> known = Stream.of(atStart, since, before)
                .flatMap(some -> Optional.ofNullable(some.get(message.id())).stream())
                .findFirst();
        if (known.isPresent() && !known.get().digest().equals(digest(message))) {
            throw new PortException.Refused(
                    "submission.id-taken", "another message has the id '" + message.id() + "' already");
        }
        return known.map(Known::place);
    }

    private String digest(Message message) {
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

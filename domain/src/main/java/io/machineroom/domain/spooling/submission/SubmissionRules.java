package io.machineroom.domain.spooling.submission;

import io.machineroom.ports.PortException;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.Subject;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a message must be, in the order and with the sentences of spec streams 2.2; what is behind them is this product's:
 * a message that no server would ever take is refused where somebody still reads it.
 */
public final class SubmissionRules {
    private static final Duration MOST_TTL = Duration.ofDays(31);
    private static final List<String> FOREIGN = List.of("choria", "nats");
    private static final List<String> OWN = List.of("mr-", "machine-room-");
    private static final int MAX_ID = 128;
    /** As long as what the wire and a site put before a subject. */
    private static final String ON_THE_WAY = "m".repeat(100) + ".";

    private static final int MAX_HEADERS = 6 * 1024;

    private SubmissionRules() {}

    /**
     * Checks a message.
     *
     * @throws PortException.Refused {@code submission.invalid} with the first thing that is wrong
     */
    public static void check(Submission message, SubmissionSettings settings, Instant now) {
        fault(message, now).or(() -> unfit(message, settings)).ifPresent(what -> {
            throw SubmissionFormat.invalid(what);
        });
    }

    private static Optional<String> fault(Submission message, Instant now) {
        if (message.subject().isEmpty()) {
            return Optional.of("subject is required");
        }
        if (message.payload().remaining() == 0) {
            return Optional.of("payload is required");
        }
        if (message.priority() < 0 || message.priority() >= Submission.PRIORITIES) {
            return Optional.of("priority must be 0...4");
        }
        if (message.created().equals(Instant.MIN)) {
            return Optional.of("created time is zero");
        }
        if (message.ttlSeconds() == 0) {
            return Optional.of("ttl may not be 0");
        }
        if (message.ttlSeconds() > MOST_TTL.toSeconds()) {
            return Optional.of("ttl exceeds maximum 744h0m0s");
        }
        if (message.sender().isEmpty()) {
            return Optional.of("sender is required");
        }
        if (message.isExpired(now)) {
            return Optional.of("message has expired");
        }
        return begins(message.headers(), FOREIGN)
                ? Optional.of("headers may not start with 'choria' or 'nats'")
                : Optional.empty();
    }

    private static Optional<String> unfit(Submission message, SubmissionSettings settings) {
        String fault = Subject.fault(ON_THE_WAY + Submission.PREFIX + "." + message.subject());
        if (!fault.isEmpty() || !Subject.of(message.subject()).isLiteral()) {
            return Optional.of("subject '" + message.subject() + "' " + (fault.isEmpty() ? "has a wildcard" : fault));
        }
        if (message.id().length() > MAX_ID || !message.id().chars().allMatch(c -> c > ' ' && c < 127)) {
            return Optional.of("id must be at most " + MAX_ID + " printable characters");
        }
        if (begins(message.headers(), OWN)) {
            return Optional.of("headers may not start with 'mr-' or 'machine-room-'");
        }
        return unfitHeaders(message)
                .or(() -> message.size() > settings.maxBytes()
                        ? Optional.of("message is larger than " + settings.maxBytes() + " bytes")
                        : Optional.empty());
    }

    private static Optional<String> unfitHeaders(Submission message) {
        long text = 0L + message.sender().length() + message.identity().length();
        Set<String> names = new HashSet<>();
        for (Map.Entry<String, String> header : message.headers().entrySet()) {
            text += 0L + header.getKey().length() + header.getValue().length();
            if (header.getKey().equalsIgnoreCase(Message.CONTENT_TYPE)
                    && header.getValue().length() > MAX_ID) {
                return Optional.of("header Content-Type is longer than " + MAX_ID + " characters");
            }
            if (!isName(header.getKey()) || !isPrintable(header.getValue())) {
                return Optional.of("header '" + header.getKey() + "' must be printable ASCII, its name without ':'");
            }
            if (!names.add(header.getKey().toLowerCase(Locale.ROOT))) {
                return Optional.of("header '" + header.getKey() + "' is there twice, in two spellings");
            }
            if (isPadded(header.getValue())) {
                return Optional.of("header '" + header.getKey() + "' has a space at its beginning or end");
            }
        }
        if (!isPrintable(message.sender()) || !isPrintable(message.identity())) {
            return Optional.of("sender and identity must be printable ASCII");
        }
        if (isPadded(message.sender()) || isPadded(message.identity())) {
            return Optional.of("sender and identity may not begin or end with a space");
        }
        return text > MAX_HEADERS ? Optional.of("headers are larger than " + MAX_HEADERS + " bytes") : Optional.empty();
    }

    private static boolean begins(Map<String, String> headers, List<String> prefixes) {
        return headers.keySet().stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .anyMatch(name -> prefixes.stream().anyMatch(name::startsWith));
    }

    private static boolean isName(String name) {
        return !name.isEmpty() && name.length() <= MAX_ID && name.chars().allMatch(c -> c > ' ' && c < 127 && c != ':');
    }

    /** Who reads a header on the wire takes such spaces off, and a signature over them would fail. */
    private static boolean isPadded(String text) {
        return text.startsWith(" ") || text.endsWith(" ");
    }

    private static boolean isPrintable(String text) {
        return text.chars().allMatch(c -> c >= ' ' && c < 127);
    }
}

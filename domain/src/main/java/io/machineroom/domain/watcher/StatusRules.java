package io.machineroom.domain.watcher;

import io.machineroom.ports.data.Value;
import io.machineroom.ports.watcher.Durations;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/**
 * When a status document is bad (spec streams 6.1). Stateless.
 *
 * @param age oldest document
 * @param lastMessage oldest last message; only of an agent that counts them
 * @param certificate how long the certificate must still be good; zero for no check
 * @param token the same for the token
 */
public record StatusRules(Duration age, Duration lastMessage, Duration certificate, Duration token) {
    /** What is wrong first; empty when nothing is. */
    public String fault(Instant written, Value.Obj status, Instant now) {
        if (written.isBefore(now.minus(age))) {
            return "older than " + Durations.print(age);
        }
        Optional<Instant> certificateEnd = time(status, "certificate_expires");
        if (soon(certificateEnd, certificate, now)) {
            return expires("certificate", certificateEnd.get(), now);
        }
        Optional<Instant> tokenEnd = time(status, "token_expires");
        if (soon(tokenEnd, token, now)) {
            return expires("token", tokenEnd.get(), now);
        }
        long last = status.whole("last_message").orElse(0L);
        long uptime = status.whole("uptime").orElse(0L);
        // an agent of this house hears no messages that could be counted: its link is judged below
        boolean deaf = last <= 0 && status.get("machine_room").isPresent();
        boolean young = last <= 0 && uptime < lastMessage.toSeconds();
        if (!deaf && !young && last < now.minus(lastMessage).getEpochSecond()) {
            return "last message at " + Instant.ofEpochSecond(last);
        }
        String server = status.text("connected_server").orElse("");
        return server.isEmpty() || server.equals("unknown") ? "Not connected to any server" : "";
    }

    private static boolean soon(Optional<Instant> end, Duration within, Instant now) {
        return within.isPositive()
                && end.filter(at -> at.isBefore(now.plus(within))).isPresent();
    }

    private static String expires(String what, Instant end, Instant now) {
        Duration left =
                Duration.ofSeconds(Duration.between(now, end).plusMillis(500).toSeconds());
        return what + " expires " + end + " (" + Durations.print(left) + ")";
    }

    /** A time of the document; what was never set has the year 1. */
    static Optional<Instant> time(Value.Obj status, String key) {
        try {
            return status.text(key).map(Instant::parse).filter(at -> at.getEpochSecond() > 0);
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}

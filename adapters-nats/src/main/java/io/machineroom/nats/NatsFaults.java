package io.machineroom.nats;

import io.machineroom.ports.PortException;
import io.nats.client.AuthenticationException;
import io.nats.client.JetStreamApiException;
import java.io.IOException;
import java.security.cert.CertificateException;
import java.util.Locale;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Turns what the client library and the server say into the three kinds of {@link PortException}. */
final class NatsFaults {
    private NatsFaults() {}

    private static final int WRONG_LAST_SEQUENCE = 10071;
    /** The same from newer servers, for replicated streams. */
    private static final int WRONG_LAST_SEQUENCE_REPLICATED = 10164;

    /** Code of the server: there is no such stream. */
    static final int NO_STREAM = 10059;

    private static final int MESSAGE_TOO_LARGE = 10054;

    /** Whether a compare-and-set met another revision. */
    static boolean isWrongSequence(JetStreamApiException fault) {
        return fault.getApiErrorCode() == WRONG_LAST_SEQUENCE
                || fault.getApiErrorCode() == WRONG_LAST_SEQUENCE_REPLICATED;
    }

    static PortException.Unavailable connecting(String server, Exception fault) {
        String text = texts(fault).toLowerCase(Locale.ROOT);
        if (holds(fault, AuthenticationException.class)
                || text.contains("authorization violation")
                || text.contains("authentication")
                || text.contains("user authentication expired")) {
            return new PortException.Unavailable(
                    "link.unauthorized", server + " does not let us in: it does not know our NATS user or key", fault);
        }
        if (holds(fault, CertificateException.class) || holds(fault, SSLException.class)) {
            return new PortException.Unavailable(
                    "link.untrusted",
                    server + " showed no certificate that fits host name and pins: " + innermost(fault),
                    fault);
        }
        if (text.contains("ssl connection wanted by client")) {
            return new PortException.Unavailable(
                    "link.untrusted", server + " offers no TLS; a connection without TLS is never made", fault);
        }
        return new PortException.Unavailable(
                "link.unreachable", server + " cannot be reached: " + innermost(fault), fault);
    }

    /** Whether a server was asked for TLS and has none. */
    static boolean offersNoTls(Exception fault) {
        return texts(fault).toLowerCase(Locale.ROOT).contains("ssl connection wanted by client");
    }

    /** What kept a replicator from a stream of others. */
    static PortException.Unavailable copying(String stream, Exception fault) {
        if (fault instanceof JetStreamApiException api && api.getApiErrorCode() == NO_STREAM) {
            return new PortException.Unavailable("copy.no-stream", "there is no stream '" + stream + "'", fault);
        }
        return new PortException.Unavailable("copy.api", "stream '" + stream + "' does not answer: " + fault, fault);
    }

    /** What kept a message from a stream. */
    static PortException sink(String subject, Exception fault) {
        return switch (fault) {
            case NatsRequests.DeniedException _ ->
                new PortException.Unavailable(
                        "sink.unauthorized", "the NATS user may not publish to '" + subject + "'", fault);
            case NatsRequests.NobodyException _ -> noStream(subject);
            case NatsRequests.LostException _ ->
                new PortException.Unavailable("sink.lost", "the NATS connection ended before the answer", fault);
            case TimeoutException _ ->
                new PortException.Unavailable(
                        "sink.timeout", "no stream answered for '" + subject + "' in time", fault);
            case JetStreamApiException api -> api(subject, api);
            default ->
                new PortException.Unavailable("sink.failed", "NATS did not take '" + subject + "': " + fault, fault);
        };
    }

    static PortException.Refused tooLarge(String subject, long bytes, long limit) {
        return new PortException.Refused(
                "sink.too-large",
                "a message for '" + subject + "' has " + bytes + " bytes with its headers; the server takes " + limit);
    }

    static PortException.Refused header(String subject, IllegalArgumentException fault) {
        return new PortException.Refused(
                "sink.header",
                "a message for '" + subject + "' has a subject, id or header that NATS cannot carry: "
                        + fault.getMessage(),
                fault);
    }

    static PortException.Unavailable noStream(String subject) {
        return new PortException.Unavailable(
                "sink.no-stream", "no stream takes '" + subject + "': the receiving side is not set up yet");
    }

    private static PortException api(String subject, JetStreamApiException fault) {
        return switch (fault.getApiErrorCode()) {
            // limits of stream (10077), account (10002), disk (10047), memory (10028), server (10023)
            case 10077, 10002, 10047, 10028, 10023 ->
                new PortException.Unavailable(
                        "sink.full", "the stream for '" + subject + "' is full: " + fault.getMessage(), fault);
            case MESSAGE_TOO_LARGE ->
                new PortException.Refused(
                        "sink.too-large", "the stream for '" + subject + "' takes no message as large as this", fault);
            // no JetStream here (10076) or for this account (10039), another stream (10060), none (10059)
            case 10076, 10039, 10060, NO_STREAM -> noStream(subject);
            default ->
                new PortException.Unavailable(
                        "sink.failed", "the stream for '" + subject + "' said: " + fault.getMessage(), fault);
        };
    }

    /** What kept us from a bucket. */
    static PortException bucket(String bucket, Exception fault) {
        return switch (fault) {
            case NatsRequests.DeniedException _ ->
                new PortException.Unavailable(
                        "bucket.unauthorized", "the NATS user may not use bucket '" + bucket + "' so", fault);
            case NatsRequests.NobodyException _ -> missing(bucket);
            case JetStreamApiException api
            when api.getApiErrorCode() == NO_STREAM || api.getErrorCode() == 503 -> missing(bucket);
            case JetStreamApiException api
            when api.getApiErrorCode() == MESSAGE_TOO_LARGE ->
                new PortException.Refused(
                        "bucket.too-large", "bucket '" + bucket + "' takes no value as large as this", fault);
            default ->
                new PortException.Unavailable(
                        "bucket.unreachable", "bucket '" + bucket + "' does not answer: " + fault, fault);
        };
    }

    static PortException.Unavailable missing(String bucket) {
        return new PortException.Unavailable(
                "bucket.missing", "there is no bucket '" + bucket + "' here, or its JetStream is not running");
    }

    /** What kept us from managing streams. */
    static PortException managing(String stream, Exception fault) {
        if (fault instanceof JetStreamApiException api && api.getErrorCode() == 400) {
            return new PortException.Refused(
                    "stream.config", "stream '" + stream + "' cannot be made as asked: " + api.getMessage(), fault);
        }
        if (fault instanceof JetStreamApiException api && api.getErrorCode() == 500) {
            return new PortException.Refused(
                    "stream.config", "the server refuses stream '" + stream + "': " + api.getMessage(), fault);
        }
        return new PortException.Unavailable(
                "stream.unreachable", "stream '" + stream + "' cannot be managed: " + fault, fault);
    }

    private static boolean holds(Throwable fault, Class<? extends Throwable> kind) {
        for (@Nullable Throwable t = fault; t != null; t = t.getCause()) {
            if (kind.isInstance(t)) {
                return true;
            }
        }
        return false;
    }

    private static String texts(Throwable fault) {
        StringBuilder out = new StringBuilder();
        for (@Nullable Throwable t = fault; t != null; t = t.getCause()) {
            out.append(t.getMessage()).append('\n');
        }
        return out.toString();
    }

    private static String innermost(Throwable fault) {
        Throwable at = fault;
        while (at.getCause() != null) {
            at = at.getCause();
        }
        return at instanceof IOException && at.getMessage() != null ? at.getMessage() : at.toString();
    }
}

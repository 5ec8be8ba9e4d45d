package io.machineroom.http;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.data.Value;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.security.cert.CertificateException;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/** Turns failed exchanges and refusing answers into the three kinds of port errors. */
final class Failures {
    private static final Pattern CODE = Pattern.compile("[a-z][a-z0-9-]*(\\.[a-z0-9-]+)+");
    private static final int LONGEST_TEXT = 300;

    private Failures() {}

    /** What an exchange that brought no answer means. */
    static PortException.Unavailable translate(String server, @Nullable Throwable cause) {
        Throwable why = cause == null ? new IllegalStateException("no cause") : cause;
        if (has(why, CertificateException.class) || has(why, SSLPeerUnverifiedException.class)) {
            return new PortException.Unavailable(
                    "link.untrusted",
                    server + " shows a certificate that does not fit the pins or the system's authorities: "
                            + deepest(why),
                    why);
        }
        if (why instanceof HttpConnectTimeoutException) {
            return new PortException.Unavailable("link.unreachable", server + " cannot be connected in time", why);
        }
        if (why instanceof HttpTimeoutException) {
            return new PortException.Unavailable("link.timeout", server + " did not answer in time", why);
        }
        String what = why instanceof SSLException ? " fails in TLS: " : " cannot be reached: ";
        return new PortException.Unavailable("link.unreachable", server + what + deepest(why), why);
    }

    /** What an answer that is no success means; {@code 401} is for the session to judge. */
    static PortException refused(GatewayClient.Answer answer, JsonFormat json, String server) {
        Optional<Value.Obj> problem = problem(answer, json);
        if (problem.isEmpty()) {
            return new PortException.Unavailable(
                    "link.status",
                    server + " answered with status " + answer.status() + " and no problem document: no gateway?",
                    null,
                    answer.retryAfter().orElse(null));
        }
        String code = code(problem.get());
        String text = problem.get().text("detail").map(Failures::plain).orElse("no detail") + " (" + server + ")";
        boolean later = answer.status() == 408 || answer.status() == 429 || answer.status() >= 500;
        return later || answer.status() < 400
                ? new PortException.Unavailable(
                        code, text, null, answer.retryAfter().orElse(null))
                : new PortException.Refused(code, text);
    }

    /**
     * The JSON object of an answer.
     *
     * @throws PortException.Unavailable {@code link.answer}
     */
    static Value.Obj object(GatewayClient.Answer answer, int maxBytes, GatewaySession from) {
        try {
            if (from.json().read(answer.body(), maxBytes) instanceof Value.Obj said) {
                return said;
            }
        } catch (PortException.Refused e) {
            throw new PortException.Unavailable("link.answer", from.server() + " answered with no JSON", e);
        }
        throw new PortException.Unavailable("link.answer", from.server() + " answered with no object");
    }

    /** The problem document of an answer; empty when it brings none, as those of proxies do. */
    static Optional<Value.Obj> problem(GatewayClient.Answer answer, JsonFormat json) {
        if (!answer.contentType().equals(Problems.TYPE)) {
            return Optional.empty();
        }
        try {
            return json.read(answer.body(), 64 * 1024) instanceof Value.Obj found
                    ? Optional.of(found)
                    : Optional.empty();
        } catch (PortException.Refused e) {
            return Optional.empty();
        }
    }

    /** The code of a problem; {@code link.status} when it has none that is well formed. */
    static String code(Value.Obj problem) {
        return problem.text("code").filter(Failures::isCode).orElse("link.status");
    }

    static boolean isCode(String code) {
        return code.length() <= 64 && CODE.matcher(code).matches();
    }

    /** Foreign text for a message: one line, bounded. */
    private static String plain(String text) {
        String line = text.replaceAll("[\\p{Cntrl}\\p{Cf}]+", " ").strip();
        return line.length() <= LONGEST_TEXT ? line : line.substring(0, LONGEST_TEXT) + "…";
    }

    private static boolean has(Throwable start, Class<? extends Throwable> kind) {
        Throwable at = start;
        for (int depth = 0; at != null && depth < 20; depth++) {
            if (kind.isInstance(at)) {
                return true;
            }
            at = at.getCause();
        }
        return false;
    }

    private static String deepest(Throwable start) {
        Throwable at = start;
        for (int depth = 0; at.getCause() != null && depth < 20; depth++) {
            at = at.getCause();
        }
        String message = at.getMessage();
        return plain(message == null ? at.getClass().getSimpleName() : message);
    }
}

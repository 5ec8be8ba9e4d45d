package io.machineroom.http;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.gateway.Gateway;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns what went wrong into problem documents; {@code docs/gateway.md} lists which status stands for what. */
final class Problems {
    static final String TYPE = "application/problem+json";

    private static final Map<String, Integer> BY_CODE = Map.of(
            "gateway.header", 431,
            "gateway.too-large", 413,
            "gateway.late", 408,
            "gateway.encoding", 415,
            "gateway.absent", 404);

    private static final Map<Integer, String> TITLES = Map.ofEntries(
            Map.entry(400, "Bad Request"),
            Map.entry(401, "Unauthorized"),
            Map.entry(403, "Forbidden"),
            Map.entry(404, "Not Found"),
            Map.entry(405, "Method Not Allowed"),
            Map.entry(408, "Request Timeout"),
            Map.entry(409, "Conflict"),
            Map.entry(413, "Content Too Large"),
            Map.entry(415, "Unsupported Media Type"),
            Map.entry(416, "Range Not Satisfiable"),
            Map.entry(431, "Request Header Fields Too Large"),
            Map.entry(500, "Internal Server Error"),
            Map.entry(503, "Service Unavailable"));

    private final JsonFormat json;

    Problems(JsonFormat json) {
        this.json = json;
    }

    /** The answer for what a port said. Only a refusal speaks of its cause: the rest is the backplane's own matter. */
    Gateway.Response of(PortException failure) {
        return switch (failure) {
            case PortException.Refused e -> problem(status(e.code()), e.code(), text(e), null);
            case PortException.Unavailable e ->
                problem(503, e.code(), "The backplane cannot take this now; repeat it later.", retryAfter(e));
            case PortException.Corrupted e ->
                problem(500, e.code(), "The backplane stopped a part of itself; its operator has to look.", null);
        };
    }

    /** The answer for a fault of the program; the reference leads to the log entry. */
    Gateway.Response internal(String reference) {
        return problem(
                500,
                "gateway.internal",
                "A fault of the backplane; its operator finds it in the log as " + reference + ".",
                null);
    }

    Gateway.Response problem(int status, String code, String detail, @Nullable Duration retryAfter) {
        Map<String, Value> fields = new LinkedHashMap<>();
        fields.put("type", Value.text("about:blank"));
        fields.put("title", Value.text(TITLES.getOrDefault(status, "Error")));
        fields.put("status", Value.num(status));
        fields.put("code", Value.text(code));
        fields.put("detail", Value.text(detail));
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", TYPE);
        if (retryAfter != null) {
            headers.put("Retry-After", Long.toString(Math.max(1, retryAfter.toSeconds())));
        }
        return new Gateway.Response(status, headers, json.write(Value.obj(fields)), null);
    }

    static int status(String code) {
        Integer known = BY_CODE.get(code);
        if (known != null) {
            return known;
        }
        if (code.startsWith("session.")) {
            return 401;
        }
        if (code.startsWith("enrol.") || code.endsWith(".forbidden")) {
            return 403;
        }
        if (code.endsWith(".absent") || code.endsWith(".missing")) {
            return 404;
        }
        if (code.endsWith(".gap") || code.endsWith(".conflict")) {
            return 409;
        }
        return code.endsWith(".too-large") || code.endsWith(".too-many") ? 413 : 400;
    }

    private static String text(PortException e) {
        String message = e.getMessage();
        return message == null ? e.code() : message;
    }

    private static Duration retryAfter(PortException.Unavailable e) {
        Duration asked = e.retryAfter();
        return asked == null ? Duration.ofSeconds(5) : asked;
    }
}

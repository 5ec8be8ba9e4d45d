package io.machineroom.domain.backplane;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.gateway.Gateway;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** Writes answers of the gateway: documents, and problems as {@code application/problem+json}. */
final class Problems {
    private static final Map<Integer, String> TITLES = Map.of(
            400, "Bad request",
            401, "Not authorised",
            403, "Refused",
            404, "Not found",
            405, "Method not allowed",
            409, "Conflict",
            413, "Too large",
            415, "Unsupported type",
            503, "Not now");

    private final JsonFormat json;

    Problems(JsonFormat json) {
        this.json = json;
    }

    Gateway.Response ok(Value.Obj document) {
        return Gateway.Response.of(200, "application/json", json.write(document));
    }

    Gateway.Response document(int status, Value.Obj document) {
        return Gateway.Response.of(status, "application/json", json.write(document));
    }

    Gateway.Response problem(int status, String code, String detail) {
        return problem(status, code, detail, Value.obj());
    }

    Gateway.Response problem(int status, String code, String detail, Value.Obj more) {
        Value.Obj document = Value.obj("type", Value.text("about:blank"))
                .with("title", Value.text(TITLES.getOrDefault(status, "Problem")))
                .with("status", Value.num(status))
                .with("code", Value.text(code))
                .with("detail", Value.text(detail));
        for (Map.Entry<String, Value> field : more.fields().entrySet()) {
            document = document.with(field.getKey(), field.getValue());
        }
        return Gateway.Response.of(status, "application/problem+json", json.write(document));
    }

    /** A fault of a port, as the caller of the gateway should see it. */
    Gateway.Response of(PortException fault) {
        return switch (fault) {
            case PortException.Unavailable u -> {
                Duration wait = u.retryAfter() == null ? Duration.ofSeconds(5) : u.retryAfter();
                yield later(u.code(), u.getMessage(), wait);
            }
            case PortException.Refused r -> problem(status(r.code()), r.code(), text(r));
            case PortException.Corrupted c ->
                later(c.code(), "the backplane needs its operator", Duration.ofSeconds(60));
        };
    }

    private Gateway.Response later(String code, @org.jspecify.annotations.Nullable String detail, Duration wait) {
        Gateway.Response plain = problem(503, code, detail == null ? "try again later" : detail);
        Map<String, String> headers = new LinkedHashMap<>(plain.headers());
        headers.put("Retry-After", Long.toString(Math.max(1, wait.toSeconds())));
        return new Gateway.Response(503, headers, plain.body(), null);
    }

    private static int status(String code) {
        return switch (code) {
            case "session.expired", "session.refused" -> 401;
            case "enrol.refused", "enrol.token", "enrol.proof", "enrol.identity-taken", "site.not-leader" -> 403;
            case "desired.absent", "artifact.absent", "request.path" -> 404;
            case "request.method" -> 405;
            case "batch.too-many" -> 413;
            case "request.type" -> 415;
            default -> 400;
        };
    }

    private static String text(PortException fault) {
        String message = fault.getMessage();
        return message == null ? fault.code() : message;
    }
}

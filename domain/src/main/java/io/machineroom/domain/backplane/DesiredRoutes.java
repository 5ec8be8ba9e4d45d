package io.machineroom.domain.backplane;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.gateway.Gateway;
import io.machineroom.ports.kv.BucketSpec;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Answers for desired state over HTTPS: one key, or the revisions of all keys. Conditional, and patient when asked to be
 * ({@code docs/protocol.md} sections 4 and 8).
 */
final class DesiredRoutes {
    private static final Pattern PATH =
            Pattern.compile("/v1/desired/([A-Z][A-Z0-9_-]{0,31})(?:/([A-Za-z0-9._-]{1,128}))?");
    private static final int MAX_WAIT_SECONDS = 25;
    private static final String NOTHING = "\"0\"";

    private final IngestPorts ports;
    private final DesiredState desired;
    private final Problems problems;

    DesiredRoutes(IngestPorts ports, DesiredState desired, Problems problems) {
        this.ports = ports;
        this.desired = desired;
        this.problems = problems;
    }

    /** What a request for desired state asks for; the key is empty for the list of keys. */
    record Wanted(String bucket, String key) {}

    static Optional<Wanted> wanted(String path) {
        Matcher matcher = PATH.matcher(path);
        return matcher.matches()
                ? Optional.of(new Wanted(
                        matcher.group(1), Optional.ofNullable(matcher.group(2)).orElse("")))
                : Optional.empty();
    }

    /**
     * Answers for a customer.
     *
     * @throws PortException.Refused {@code desired.absent}
     */
    Gateway.Response answer(Gateway.Request request, String customer, Wanted wanted) throws InterruptedException {
        boolean list = wanted.key().isEmpty();
        if (!wanted.bucket().equals(BucketSpec.CONFIG)
                || (!list && !wanted.key().equals(DesiredState.KEY))) {
            throw absent();
        }
        String known = request.header("if-none-match").orElse("").strip();
        long until = ports.time().ticks() + waitSeconds(request.query()) * 1_000_000_000L;
        while (true) {
            Optional<DesiredState.Current> current = desired.of(customer);
            String tag = current.map(c -> "\"" + c.revision() + "\"").orElse(NOTHING);
            if (!tag.equals(known) && (list || current.isPresent())) {
                return list ? listing(current, tag) : value(current.orElseThrow(DesiredRoutes::absent), tag);
            }
            if (ports.time().ticks() - until >= 0) {
                if (current.isEmpty() && !list) {
                    throw absent();
                }
                return new Gateway.Response(304, Map.of("ETag", tag), new byte[0], null);
            }
            ports.tasks().sleep(Duration.ofMillis(250));
        }
    }

    private Gateway.Response listing(Optional<DesiredState.Current> current, String tag) {
        Value.Obj keys = current.map(c -> Value.obj(DesiredState.KEY, Value.num(c.revision())))
                .orElseGet(Value::obj);
        Gateway.Response plain = problems.ok(Value.obj("keys", keys));
        Map<String, String> headers = new LinkedHashMap<>(plain.headers());
        headers.put("ETag", tag);
        return new Gateway.Response(200, headers, plain.body(), null);
    }

    private static Gateway.Response value(DesiredState.Current current, String tag) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", "application/octet-stream");
        headers.put("ETag", tag);
        headers.put("Mr-Revision", Long.toString(current.revision()));
        return new Gateway.Response(200, headers, current.document(), null);
    }

    private static PortException.Refused absent() {
        return new PortException.Refused("desired.absent", "there is no value for this key");
    }

    private static long waitSeconds(String query) {
        for (String part : query.split("&", -1)) {
            if (part.matches("wait=[0-9]{1,2}")) {
                return Math.min(MAX_WAIT_SECONDS, Long.parseLong(part.substring("wait=".length())));
            }
        }
        return 0;
    }
}

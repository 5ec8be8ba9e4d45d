package io.machineroom.domain.backplane;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.gateway.Gateway;
import io.machineroom.ports.kv.BucketSpec;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
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
    private final DesiredKeys desired;
    private final Problems problems;

    DesiredRoutes(IngestPorts ports, DesiredKeys desired, Problems problems) {
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
        if (!wanted.bucket().equals(BucketSpec.CONFIG) || (!list && !DesiredKeys.isKey(wanted.key()))) {
            throw absent();
        }
        String known = request.header("if-none-match").orElse("").strip();
        long until = ports.time().ticks() + waitSeconds(request.query()) * 1_000_000_000L;
        while (true) {
            SortedMap<String, DesiredKeys.Held> all = desired.of(customer);
            Optional<DesiredKeys.Held> one = Optional.ofNullable(all.get(wanted.key()));
            String tag = list ? tag(all) : one.map(DesiredRoutes::tag).orElse(NOTHING);
            if (!tag.equals(known) && (list || one.isPresent())) {
                return list ? listing(all, tag) : value(one.orElseThrow(DesiredRoutes::absent), tag);
            }
            if (ports.time().ticks() - until >= 0) {
                if (one.isEmpty() && !list) {
                    throw absent();
                }
                return new Gateway.Response(304, Map.of("ETag", tag), new byte[0], null);
            }
            ports.tasks().sleep(Duration.ofMillis(250));
        }
    }

    private static String tag(DesiredKeys.Held held) {
        return "\"" + held.revision() + "\"";
    }

    /** Of all keys: the revision of the list, then that of word about sites where there is any. */
    private static String tag(SortedMap<String, DesiredKeys.Held> all) {
        long list = Optional.ofNullable(all.get(DesiredState.KEY))
                .map(DesiredKeys.Held::revision)
                .orElse(0L);
        return Optional.ofNullable(all.get(SiteChanges.KEY))
                .map(sites -> "\"" + list + "." + sites.revision() + "\"")
                .orElse("\"" + list + "\"");
    }

    private Gateway.Response listing(SortedMap<String, DesiredKeys.Held> all, String tag) {
        Map<String, Value> keys = new LinkedHashMap<>();
        all.forEach((key, held) -> keys.put(key, Value.num(held.revision())));
        Gateway.Response plain = problems.ok(Value.obj("keys", Value.obj(keys)));
        Map<String, String> headers = new LinkedHashMap<>(plain.headers());
        headers.put("ETag", tag);
        return new Gateway.Response(200, headers, plain.body(), null);
    }

    private static Gateway.Response value(DesiredKeys.Held current, String tag) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", "application/octet-stream");
        headers.put("ETag", tag);
        headers.put("Mr-Revision", Long.toString(current.revision()));
        return new Gateway.Response(200, headers, current.value(), null);
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

package io.machineroom.domain.watcher;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.host.FileTree;
import io.machineroom.ports.host.HostFiles;
import io.machineroom.ports.watcher.WatcherContext;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The builtin {@code choria_status} (spec 4.11), over the status document of this agent, which has the keys of
 * Choria's.
 *
 * @param lastMessage oldest last message
 * @param certificate how long the certificate must still be good; zero for no check
 * @param token the same for the token
 */
record StatusCheck(Duration lastMessage, Duration certificate, Duration token) implements NagiosBuiltin {
    private static final int MAX_BYTES = 4 * 1024 * 1024;

    @Override
    public CheckResult look(WatcherContext context) {
        Optional<CheckFiles> places = context.port(CheckFiles.class);
        if (places.isEmpty() || places.get().statusInterval().isZero()) {
            return CheckResult.unknown("Status file not configured");
        }
        CheckFiles files = places.get();
        Instant now = context.time().wall();
        Value.Obj status;
        Instant written;
        try {
            HostFiles host = context.port(HostFiles.class)
                    .orElseThrow(() -> new PortException.Refused("file.unavailable", "this build sees no files"));
            written = host.info(files.status())
                    .map(FileTree.Info::modified)
                    .orElseThrow(
                            () -> new PortException.Refused("file.missing", "there is no readable " + files.status()));
            status = read(context, host, files);
        } catch (PortException e) {
            return CheckResult.of(CheckResult.Status.CRITICAL, "Status file error: " + e.getMessage());
        }
        String numbers = numbers(status, now);
        Duration most = files.statusInterval().multipliedBy(3);
        String fault = new StatusRules(most, lastMessage, certificate, token).fault(written, status, now);
        return fault.isEmpty()
                ? CheckResult.of(CheckResult.Status.OK, "OK: " + files.status() + "|" + numbers)
                : CheckResult.of(CheckResult.Status.CRITICAL, "CRITICAL: " + fault + "|" + numbers);
    }

    private static Value.Obj read(WatcherContext context, HostFiles host, CheckFiles files) {
        JsonFormat json = context.port(JsonFormat.class)
                .orElseThrow(() -> new PortException.Refused("nagios.unavailable", "this build reads no JSON"));
        byte[] bytes = host.read(files.status(), MAX_BYTES).orElse(new byte[0]);
        if (json.read(bytes, MAX_BYTES) instanceof Value.Obj status) {
            return status;
        }
        throw new PortException.Refused("file.content", "it is not a JSON object");
    }

    private static String numbers(Value.Obj status, Instant now) {
        Value.Obj stats = status.obj("stats").orElse(Value.obj());
        StringBuilder out = new StringBuilder("uptime=" + status.whole("uptime").orElse(0L) + ";;");
        for (String name : new String[] {"filtered", "invalid", "passed", "replies", "total", "ttlexpired"}) {
            number(out, name + "_msgs", stats.whole(name).orElse(0L));
        }
        number(out, "last_msg", status.whole("last_message").orElse(0L));
        number(out, "cert_expire_seconds", seconds(StatusRules.time(status, "certificate_expires"), now));
        number(out, "token_expire_seconds", seconds(StatusRules.time(status, "token_expires"), now));
        number(out, "events", stats.whole("events").orElse(0L));
        return out.toString();
    }

    private static void number(StringBuilder into, String name, long value) {
        into.append(' ').append(name).append('=').append(value).append(";;");
    }

    private static long seconds(Optional<Instant> end, Instant now) {
        return end.map(at -> Duration.between(now, at).toSeconds()).orElse(Long.MAX_VALUE);
    }
}

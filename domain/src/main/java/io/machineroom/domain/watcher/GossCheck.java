package io.machineroom.domain.watcher;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.host.ProcessRunner;
import io.machineroom.ports.watcher.Durations;
import io.machineroom.ports.watcher.WatcherContext;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * The builtin {@code goss}: runs the program of that name, which has to be in the agent's PATH, over a file; overrides of
 * the machine are its variables.
 *
 * @param file relative to the machine's directory
 */
record GossCheck(String file, Duration timeout) implements NagiosBuiltin {
    @Override
    public CheckResult look(WatcherContext context) throws InterruptedException {
        JsonFormat json = context.port(JsonFormat.class)
                .orElseThrow(() -> new PortException.Refused("nagios.unavailable", "this build reads no JSON"));
        String variables = new String(json.write(Overrides.of(context)), StandardCharsets.UTF_8);
        String path = context.directory().resolve(file).normalize().toString();
        List<String> words = List.of(
                "goss", "--gossfile", path, "--vars-inline", variables, "validate", "--format", "json", "--no-color");
        ProcessRunner.Result result = MachinePrograms.of(context).run(words, timeout);
        if (result.timedOut()) {
            throw new PortException.Refused("nagios.timeout", "goss took longer than " + Durations.print(timeout));
        }
        Value.Obj summary = summary(result, json);
        long failed = summary.whole("failed-count").orElse(0L);
        long checks = summary.whole("test-count").orElse(0L);
        double seconds = summary.whole("total-duration").orElse(0L) / 1e9;
        CheckResult.Status status = failed > 0 ? CheckResult.Status.CRITICAL : CheckResult.Status.OK;
        return CheckResult.of(
                status,
                String.format(
                        Locale.ROOT,
                        "%s: %s|checks=%d;; failed=%d;; runtime=%fs",
                        status,
                        summary.text("summary-line")
                                .orElse("")
                                .replace('\n', ' ')
                                .replace('|', ' '),
                        checks,
                        failed,
                        seconds));
    }

    private static Value.Obj summary(ProcessRunner.Result result, JsonFormat json) {
        String text = new String(result.output(), StandardCharsets.UTF_8).strip();
        try {
            if (json.read(text.getBytes(StandardCharsets.UTF_8), MachinePrograms.MAX_OUTPUT) instanceof Value.Obj all
                    && all.obj("summary").isPresent()) {
                return all.obj("summary").get();
            }
        } catch (PortException.Refused e) {
            throw new PortException.Refused("nagios.goss", "goss failed: " + text, e);
        }
        throw new PortException.Refused("nagios.goss", "goss told no summary: " + text);
    }
}

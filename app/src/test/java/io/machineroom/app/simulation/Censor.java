package io.machineroom.app.simulation;

import io.machineroom.domain.provisioning.EnrolmentStore;
import io.machineroom.ports.store.EventLog;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Looks for secrets where none may be: in what reaches the SaaS as events, and in what a node shows of itself. */
final class Censor {
    /** With which the brokers of a site log in to each other. */
    private static final Pattern ROUTE = Pattern.compile("\"password\"\\s*:\\s*\"([^\"]+)\"");

    private final Alarm alarm;
    private final Supplier<Iterable<NodeBox>> nodes;
    private final Map<String, String> secrets = new HashMap<>();
    private long looks;

    Censor(Alarm alarm, Supplier<Iterable<NodeBox>> nodes) {
        this.alarm = alarm;
        this.nodes = nodes;
    }

    /** From now on this text must not be seen. */
    void forbid(String text, String name) {
        if (text.length() >= 16) {
            secrets.put(text, name);
        }
    }

    void look(EventLog.Entry entry) {
        look(entry.identity() + " " + entry.message().subject(), entry.message().bytes());
        entry.message().headers().values().forEach(value -> look("a header", value.getBytes(StandardCharsets.UTF_8)));
    }

    private void look(String where, byte[] content) {
        looks++;
        String text = new String(content, StandardCharsets.ISO_8859_1);
        secrets.forEach((secret, name) -> {
            if (text.contains(secret)) {
                alarm.raise(Invariant.NO_SECRET_LEAVES, name + " is in " + where);
            }
        });
    }

    /** Learns the keys of every node and reads what they show. */
    void round() {
        for (NodeBox node : nodes.get()) {
            for (String key : new String[] {"server.seed", "nats.nkey"}) {
                node.box()
                        .disk()
                        .content(node.home().resolve(key))
                        .ifPresent(seed -> forbid(new String(seed, StandardCharsets.US_ASCII).strip(), key));
            }
            node.box()
                    .disk()
                    .content(node.home().resolve(EnrolmentStore.FILE))
                    .map(enrolment -> ROUTE.matcher(new String(enrolment, StandardCharsets.UTF_8)))
                    .filter(Matcher::find)
                    .ifPresent(found -> forbid(found.group(1), "the password of routes"));
            for (Path shown : new Path[] {
                node.home().resolve("state/status.json"),
                node.home().resolve("state/metrics.prom"),
                node.home().resolve("instance.json")
            }) {
                node.box().disk().content(shown).ifPresent(content -> look(shown.toString(), content));
            }
        }
    }

    long looks() {
        return looks;
    }
}

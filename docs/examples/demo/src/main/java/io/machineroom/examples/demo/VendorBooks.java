package io.machineroom.examples.demo;

import io.machineroom.ports.data.Value;
import io.machineroom.ports.stream.Intake;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The vendor-facing streams against the event log, message by message.
 *
 * @param logged events in the log that the streams have to hold
 * @param found messages of the streams, of whatever kind
 * @param missing in the log and in no stream; must be none
 * @param repeated more than once; must be none
 * @param foreign in a stream and not in the log, or in another stream than their subject says; must be none
 * @param disordered in another order than in the log, of one node and lane; must be none
 */
record VendorBooks(int logged, int found, int missing, int repeated, int foreign, int disordered) {
    private static final String NODES = "MACHINE_ROOM_NODES";
    private static final int KEPT_OF_A_NODE = 5;

    /** Reads the streams and compares them with what {@code backplane events} says. */
    static VendorBooks compare(Workshop shop, Saas saas, Path events) throws IOException, InterruptedException {
        Map<String, List<String>> logged = logged(shop, events);
        VendorBooks all = new VendorBooks(0, 0, 0, 0, 0, 0);
        try (VendorReader reader = new VendorReader(shop, saas)) {
            for (Map.Entry<String, List<String>> stream : logged.entrySet()) {
                List<String> due = due(stream.getKey(), stream.getValue());
                List<Intake.Arrival> got = reader.read(stream.getKey(), due.size());
                all = all.plus(of(due, new HashSet<>(stream.getValue()), got));
            }
        }
        return all;
    }

    /** Ids of the messages that each stream got, in the order of the log. */
    private static Map<String, List<String>> logged(Workshop shop, Path events) throws IOException {
        Map<String, List<String>> out = new TreeMap<>();
        List.of(NODES, "MACHINE_ROOM_EVENTS", "MACHINE_ROOM_SUBMISSION").forEach(s -> out.put(s, new ArrayList<>()));
        try (BufferedReader lines = Files.newBufferedReader(events)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Value.Obj event = shop.object(line);
                if (event.get("void").isEmpty()) {
                    out.getOrDefault(stream(event.text("subject").orElse("")), new ArrayList<>())
                            .add(id(event));
                }
            }
        }
        return out;
    }

    private static String stream(String subject) {
        if (subject.equals("choria.broadcast.agent.registration")) {
            return NODES;
        }
        boolean event = subject.startsWith("choria.lifecycle.") || subject.startsWith("choria.machine.");
        return event ? "MACHINE_ROOM_EVENTS" : "MACHINE_ROOM_SUBMISSION";
    }

    private static String id(Value.Obj event) {
        String epoch = event.text("epoch").orElse("");
        return event.text("node").orElse("") + epoch.substring(epoch.lastIndexOf('.')) + "."
                + event.text("lane").orElse("") + "." + event.whole("number").orElse(0L) + "."
                + event.text("id").orElse("");
    }

    private static String node(String id) {
        return id.substring(0, Math.max(0, id.indexOf('.')));
    }

    /** Of states of a node the stream keeps the newest only. */
    private static List<String> due(String stream, List<String> logged) {
        if (!stream.equals(NODES)) {
            return logged;
        }
        Map<String, Integer> newer = new HashMap<>();
        List<String> out = new ArrayList<>();
        for (String id : logged.reversed()) {
            if (newer.merge(node(id), 1, Integer::sum) <= KEPT_OF_A_NODE) {
                out.addFirst(id);
            }
        }
        return out;
    }

    private static VendorBooks of(List<String> due, Set<String> known, List<Intake.Arrival> got) {
        Set<String> seen = new HashSet<>();
        Map<String, Long> last = new HashMap<>();
        int repeated = 0;
        int foreign = 0;
        int disordered = 0;
        for (Intake.Arrival each : got) {
            String id = each.messageId();
            repeated += seen.add(id) ? 0 : 1;
            foreign += known.contains(id) ? 0 : 1;
            String[] parts = id.split("\\.", 4); // node, epoch, lane, the rest
            String row = parts[0] + (parts.length > 2 ? parts[2] : "");
            long index = Long.parseLong(each.message().headers().getOrDefault("Mr-Store-Index", "-1"));
            disordered += index > last.getOrDefault(row, -1L) ? 0 : 1;
            last.put(row, index);
        }
        int missing = (int) due.stream().filter(id -> !seen.contains(id)).count();
        return new VendorBooks(due.size(), got.size(), missing, repeated, foreign, disordered);
    }

    private VendorBooks plus(VendorBooks more) {
        return new VendorBooks(
                logged + more.logged,
                found + more.found,
                missing + more.missing,
                repeated + more.repeated,
                foreign + more.foreign,
                disordered + more.disordered);
    }

    boolean balanced() {
        return logged > 0 && missing == 0 && repeated == 0 && foreign == 0 && disordered == 0;
    }

    String text() {
        return String.format(
                java.util.Locale.ROOT,
                "  vendor-facing streams  %,d messages of %,d: missing %d · repeated %d · foreign %d · out of order %d%n",
                found,
                logged,
                missing,
                repeated,
                foreign,
                disordered);
    }

    Value.Obj document() {
        return Value.obj("logged", Value.num(logged), "found", Value.num(found))
                .with("missing", Value.num(missing))
                .with("repeated", Value.num(repeated))
                .with("foreign", Value.num(foreign))
                .with("disordered", Value.num(disordered));
    }
}

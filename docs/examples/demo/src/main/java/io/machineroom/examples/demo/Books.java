package io.machineroom.examples.demo;

import io.machineroom.ports.data.Value;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The independent count: what the node wrote into its plain files against what the SaaS shows.
 *
 * @param accepted events that the node's spool had taken for good
 * @param planned events that the machine wanted to send, at least as many
 * @param seen of those, how many the SaaS shows
 * @param lost accepted and not shown; must be none
 * @param strange shown and never planned; must be none
 * @param repeated shown more than once; must be none
 * @param disordered shown in another order than numbered; must be none
 * @param all events of every kind that the SaaS shows
 */
record Books(int accepted, int planned, int seen, int lost, int strange, int repeated, int disordered, int all) {
    private static final String TICK = "io.machineroom.tick.v1";

    static Books compare(Workshop shop, Path events, List<String> accepted, List<String> planned) throws IOException {
        Set<String> keys = new HashSet<>();
        Set<String> ids = new HashSet<>();
        Map<String, Long> last = new HashMap<>();
        int repeated = 0;
        int disordered = 0;
        int all = 0;
        try (BufferedReader lines = Files.newBufferedReader(events)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Value.Obj event = shop.object(line);
                if (event.get("void").isPresent()) {
                    continue;
                }
                all++;
                repeated += ids.add(event.text("id").orElse(line)) ? 0 : 1;
                // other events have a field of that name as well, such as those of kv watchers
                boolean tick = event.text("type").orElse("").equals(TICK);
                String key =
                        tick ? event.obj("data").flatMap(d -> d.text("key")).orElse("") : "";
                if (!key.isEmpty()) {
                    repeated += keys.add(key) ? 0 : 1;
                }
                String stream = event.text("identity").orElse("")
                        + event.text("epoch").orElse("")
                        + event.text("lane").orElse("");
                long number = event.whole("number").orElse(0L);
                disordered += number > last.getOrDefault(stream, 0L) ? 0 : 1;
                last.put(stream, number);
            }
        }
        int lost = (int) accepted.stream().filter(k -> !keys.contains(k)).count();
        Set<String> wanted = new HashSet<>(planned);
        int strange = (int) keys.stream().filter(k -> !wanted.contains(k)).count();
        return new Books(accepted.size(), planned.size(), keys.size(), lost, strange, repeated, disordered, all);
    }

    /** Sum of the voids of a row of the ledger, whatever their cause. */
    static long voids(Value.Obj row) {
        Value.Obj causes = row.obj("void").orElseThrow(() -> new StoryFailed("a ledger row without void: " + row));
        return causes.fields().keySet().stream()
                .mapToLong(cause -> causes.whole(cause).orElse(0L))
                .sum();
    }

    boolean balanced() {
        return lost == 0 && strange == 0 && repeated == 0 && disordered == 0;
    }
}

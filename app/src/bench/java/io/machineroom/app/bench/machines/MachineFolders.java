package io.machineroom.app.bench.machines;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** A machine store on disk: each machine watches one file and one expression, every second. */
final class MachineFolders {
    private static final String MANIFEST = """
            name: %1$s
            version: 1.0.0
            initial_state: WATCH
            transitions:
              - {name: changed, from: [WATCH], destination: CHANGED}
              - {name: seen, from: [CHANGED], destination: WATCH}
              - {name: there, from: [WATCH], destination: BUSY}
              - {name: back, from: [BUSY], destination: WATCH}
            watchers:
              - name: file
                type: file
                interval: 1s
                state_match: [WATCH]
                success_transition: changed
                properties:
                  path: watched.txt
                  gather_initial_state: true
              - name: load
                type: expression
                interval: 1s
                state_match: [WATCH]
                success_transition: there
                properties:
                  success_when: facts.load.one > 10.0 && identity matches "^node"
            """;

    private static final String IDLE = """
            name: machine0000
            version: 1.0.0
            initial_state: WATCH
            transitions:
              - {name: there, from: [WATCH], destination: BUSY}
              - {name: back, from: [BUSY], destination: WATCH}
              - {name: rest, from: [WATCH, BUSY], destination: RESTING}
            watchers:
              - name: asleep
                type: kv
                interval: 80000h
                state_match: [RESTING]
                properties: {bucket: ANY, key: any}
            """;

    private MachineFolders() {}

    /** Writes one machine into an empty folder; its watcher waits for a state that nobody asks for. */
    static void writeIdle(Path store) throws IOException {
        Path folder = Files.createDirectories(store.resolve("machine0000"));
        Files.writeString(folder.resolve("machine.yaml"), IDLE);
    }

    /** Writes that many machines into an empty folder. */
    static void write(Path store, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            String name = String.format(Locale.ROOT, "machine%04d", i);
            Path folder = Files.createDirectories(store.resolve(name));
            Files.writeString(folder.resolve("machine.yaml"), String.format(Locale.ROOT, MANIFEST, name));
            Files.writeString(folder.resolve("watched.txt"), "calm\n");
        }
    }
}

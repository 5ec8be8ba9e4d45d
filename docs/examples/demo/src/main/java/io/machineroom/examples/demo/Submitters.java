package io.machineroom.examples.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A machine in the store of one node, with several watchers that submit events steadily and keep one pair of books. */
final class Submitters {
    private Submitters() {}

    /** Writes it; the agent finds it by itself. */
    static void write(Node node, int submitters, int beat) throws IOException {
        Path folder = Files.createDirectories(node.home().resolve("machines/soak"));
        StringBuilder manifest = new StringBuilder("""
                name: soak
                version: 1.0.0
                initial_state: SUBMIT
                transitions:
                  - {name: on, from: [SUBMIT], destination: SUBMIT}
                watchers:
                """);
        for (int i = 0; i < submitters; i++) {
            manifest.append("""
                  - name: submitter%d
                    type: ticker
                    interval: 250ms
                    properties: {file: %s, count: %d}
                """.formatted(i, node.books(), beat));
        }
        Path fresh = folder.resolve("machine.yaml.new");
        Files.writeString(fresh, manifest);
        Files.move(fresh, folder.resolve("machine.yaml"));
    }
}

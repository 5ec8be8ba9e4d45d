package io.machineroom.examples.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A machine of built-in watchers only, for agents that know no others: a command each second, each told. */
final class Submitter {
    private Submitter() {}

    static Path write(Path parent, Path node) throws IOException {
        Path folder = Files.createDirectories(parent.resolve("submitter-1.0.0").resolve("submitter"));
        Files.writeString(folder.resolve("machine.yaml"), """
                name: submitter
                version: 1.0.0
                initial_state: WATCH
                transitions:
                  - name: beat
                    from: [WATCH]
                    destination: WATCH
                watchers:
                  - name: heart
                    type: exec
                    interval: 1s
                    success_transition: beat
                    properties:
                      command: sh -c "date >> %s/beats"
                      timeout: 5s
                """.formatted(node));
        return folder;
    }
}

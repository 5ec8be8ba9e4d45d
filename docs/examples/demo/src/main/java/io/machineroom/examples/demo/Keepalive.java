package io.machineroom.examples.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes the demonstration's machine: it keeps a small web server alive, and its ticker makes events. */
final class Keepalive {
    private Keepalive() {}

    /** Makes the folder of a version; {@code count} events each quarter of a second. */
    static Path write(Path parent, Path node, int port, String version, int count) throws IOException {
        Path folder =
                Files.createDirectories(parent.resolve("keepalive-" + version).resolve("keepalive"));
        Files.writeString(folder.resolve("check.sh"), """
                # the service lives while its process does
                pid=$(cat "$NODE/service.pid" 2>/dev/null) || exit 1
                kill -0 "$pid"
                """);
        Files.writeString(folder.resolve("start.sh"), """
                # a web server of its own session, so that it outlives whoever started it
                echo "$PORT" > "$NODE/service.port"
                setsid "$JAVA" -m jdk.httpserver -b 127.0.0.1 -p "$PORT" -d "$NODE/www" >/dev/null 2>&1 </dev/null &
                echo $! > "$NODE/service.pid"
                """);
        Files.writeString(folder.resolve("machine.yaml"), manifest(node, port, version, count));
        Files.createDirectories(node.resolve("www"));
        return folder;
    }

    private static String manifest(Path node, int port, String version, int count) {
        return """
                name: keepalive
                version: %s
                initial_state: WATCH
                transitions:
                  - {name: down, from: [WATCH], destination: HEAL}
                  - {name: healed, from: [HEAL], destination: WATCH}
                watchers:
                  - name: check
                    type: exec
                    interval: 1s
                    state_match: [WATCH]
                    fail_transition: down
                    properties:
                      command: sh check.sh
                      timeout: 5s
                      suppress_success_announce: true
                      environment: ["NODE=%s"]
                  - name: start
                    type: exec
                    interval: 5s
                    state_match: [HEAL]
                    success_transition: healed
                    properties:
                      command: sh start.sh
                      timeout: 10s
                      environment:
                        - NODE=%s
                        - PORT=%d
                        - JAVA={{ lookup "facts.machine_room.additional_facts.java" "" }}/bin/java
                  - name: ticker
                    type: ticker
                    interval: 250ms
                    properties: {file: %s/ticker, count: %d}
                """.formatted(version, node, node, port, node, count);
    }
}

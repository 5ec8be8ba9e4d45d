package io.machineroom.app.simulation;

import java.util.Map;

/** Machines that the operator of a node put there before its first start. */
final class Machines {
    static final Map<String, String> OPERATORS = Map.of("checker", """
            name: checker
            version: 1.0.0
            initial_state: OK
            transitions:
              - name: fail
                from: [OK]
                destination: BAD
              - name: recover
                from: [BAD]
                destination: OK
            watchers:
              - name: check
                type: exec
                interval: 4m
                fail_transition: fail
                success_transition: recover
                properties:
                  command: check
                  timeout: 20s
            """, "blinker", """
            name: blinker
            version: 1.0.0
            initial_state: DARK
            transitions:
              - name: on
                from: [DARK]
                destination: LIGHT
              - name: off
                from: [LIGHT]
                destination: DARK
            watchers:
              - name: dark
                type: timer
                state_match: [DARK]
                fail_transition: "on"
                properties:
                  timer: 8m
              - name: light
                type: timer
                state_match: [LIGHT]
                fail_transition: "off"
                properties:
                  timer: 7m
            """);

    private Machines() {}
}

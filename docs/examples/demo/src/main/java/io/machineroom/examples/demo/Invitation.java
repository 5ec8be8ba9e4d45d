package io.machineroom.examples.demo;

import java.io.PrintStream;

/** What to try while the demonstration is kept running. */
final class Invitation {
    private Invitation() {}

    static void print(Workshop shop, Saas saas, Node node, PrintStream out) {
        out.printf(
                """

                Kept running; end it with Ctrl-C. Things to try in another terminal:

                  export JAVA_HOME=%s
                  %s/bin/backplane nodes --state %s
                  %s/bin/backplane events --state %s --follow
                  %s/bin/backplane ledger --state %s
                  cat %s/state/status.json
                  kill -9 $(cat %s/service.pid)       # the machine heals it
                  touch %s/ticker.stop                # no more events

                """,
                System.getProperty("java.home"),
                shop.distribution(),
                saas.state(),
                shop.distribution(),
                saas.state(),
                shop.distribution(),
                saas.state(),
                node.home(),
                node.home(),
                node.home());
    }
}

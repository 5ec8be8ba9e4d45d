package io.machineroom.examples.vendor;

import io.machineroom.app.MachineRoom;
import io.machineroom.ports.data.Value;
import java.util.Map;

/** Acme's whole agent. A vendor writes the two public keys here; the demo makes new ones for each run. */
public final class AcmeAgent {
    private static final Map<String, String> ENV = System.getenv();

    public static void main(String[] args) {
        MachineRoom agent = MachineRoom.builder()
                .name("acme-agent")
                .version("1.4.0")
                .contact("ops@acme.example")
                .help("Keeps Acme's services running on your machines.")
                .issuer(ENV.getOrDefault("ACME_ISSUER_KEY", ""))
                .signingKey(ENV.getOrDefault("ACME_SIGNING_KEY", ""))
                .facts(() -> Value.obj("tier", Value.text("gold"), "java", Value.text(System.getProperty("java.home"))))
                .watcher(new TickerWatcher.Type())
                .command(new LicenseCommand())
                .build();
        System.exit(agent.run(args));
    }
}

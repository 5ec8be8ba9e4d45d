package io.machineroom.examples.https;

import io.machineroom.app.MachineRoom;

/** An agent for networks that leave only port 443: the NATS adapter is not on its class path. */
public final class HttpsAgent {
    public static void main(String[] args) {
        MachineRoom agent = MachineRoom.builder()
                .name("https-agent")
                .version("1.0.0")
                .contact("ops@acme.example")
                .help("Reaches its platform over HTTPS only.")
                .issuer(System.getenv().getOrDefault("ACME_ISSUER_KEY", ""))
                .signingKey(System.getenv().getOrDefault("ACME_SIGNING_KEY", ""))
                .graph(DaggerHttpsComponent.factory()::create)
                .build();
        System.exit(agent.run(args));
    }
}

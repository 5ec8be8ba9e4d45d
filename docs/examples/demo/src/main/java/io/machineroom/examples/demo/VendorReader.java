package io.machineroom.examples.demo;

import io.machineroom.app.crypto.BouncyCertificateIssuer;
import io.machineroom.app.crypto.FileKeyring;
import io.machineroom.app.crypto.PinnedTls;
import io.machineroom.app.host.LocalFileTree;
import io.machineroom.app.host.SystemRuntime;
import io.machineroom.domain.backplane.Charter;
import io.machineroom.nats.NatsModule;
import io.machineroom.ports.broker.BrokerAuthority;
import io.machineroom.ports.data.Secret;
import io.machineroom.ports.security.KeyRole;
import io.machineroom.ports.security.TrustPolicy;
import io.machineroom.ports.stream.Intake;
import io.machineroom.ports.transport.Endpoint;
import io.machineroom.ports.transport.Link;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Software of the vendor that reads a vendor-facing stream, as a user of its own in account {@code backplane}. */
final class VendorReader implements AutoCloseable {
    private static final KeyRole USER = new KeyRole("vendor-reader", KeyRole.Form.NKEY_USER);
    private static final Duration QUIET = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int BATCH = 500;

    private final Link link;

    VendorReader(Workshop shop, Saas saas) throws InterruptedException {
        SystemRuntime runtime = new SystemRuntime();
        FileKeyring keys = new FileKeyring(new LocalFileTree(saas.state().resolve("keys")), runtime);
        keys.ensure(USER);
        String jwt = NatsModule.authority(shop.json(), runtime)
                .user(
                        keys,
                        Charter.account(Charter.OWN_ACCOUNT),
                        new BrokerAuthority.UserGrant(
                                keys.publicNkey(USER).orElseThrow(), "vendor", List.of(">"), List.of(">"), null));
        String pin = new BouncyCertificateIssuer(runtime, runtime).pin(saas.authorities()[0]);
        Endpoint there = new Endpoint(
                List.of(URI.create("tls://127.0.0.1:" + saas.brokerPort())),
                new TrustPolicy(List.of(pin), Instant.now().getEpochSecond()),
                new Endpoint.Credentials.NatsUser(Secret.of(jwt), USER),
                "vendor",
                Duration.ofSeconds(10));
        this.link = NatsModule.transport(keys, new PinnedTls(), shop.json()).connect(there);
    }

    /** All messages of a stream in its order; waits for so many, and then until no more come. */
    List<Intake.Arrival> read(String stream, long wanted) throws InterruptedException {
        List<Intake.Arrival> all = new ArrayList<>();
        long end = System.nanoTime() + PATIENCE.toNanos();
        try (Intake intake = link.intake(stream, "vendor")) {
            boolean quiet = false;
            while (!(quiet && all.size() >= wanted) && System.nanoTime() < end) {
                List<Intake.Arrival> some = intake.read(BATCH, QUIET);
                intake.settle(some);
                all.addAll(some);
                quiet = some.isEmpty();
            }
        }
        return all;
    }

    @Override
    public void close() {
        link.close();
    }
}

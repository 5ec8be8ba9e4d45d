package io.machineroom.app.bench;

import io.machineroom.app.codec.JacksonJson;
import io.machineroom.app.crypto.BouncyCertificateIssuer;
import io.machineroom.app.crypto.Ed25519Signatures;
import io.machineroom.app.crypto.FileKeyring;
import io.machineroom.app.crypto.PinnedTls;
import io.machineroom.app.host.LocalFileTree;
import io.machineroom.app.host.LocalProcessRunner;
import io.machineroom.app.host.SystemRuntime;
import io.machineroom.domain.backplane.Receipts;
import io.machineroom.domain.flow.ReceiptVerifier;
import io.machineroom.nats.NatsModule;
import io.machineroom.ports.broker.Broker;
import io.machineroom.ports.broker.BrokerAuthority;
import io.machineroom.ports.data.Secret;
import io.machineroom.ports.security.KeyRole;
import io.machineroom.ports.security.TrustPolicy;
import io.machineroom.ports.transport.Endpoint;
import io.machineroom.ports.transport.Link;
import io.machineroom.ports.transport.Transport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A real nats-server with TLS, one account, one administrator and one node. */
public final class BenchBroker implements AutoCloseable {
    private static final KeyRole OPERATOR = new KeyRole("operator", KeyRole.Form.NKEY_OPERATOR);
    private static final KeyRole ACCOUNT = new KeyRole("account-one", KeyRole.Form.NKEY_ACCOUNT);
    private static final KeyRole SYSTEM = new KeyRole("account-system", KeyRole.Form.NKEY_ACCOUNT);
    private static final KeyRole ADMIN = new KeyRole("user-admin", KeyRole.Form.NKEY_USER);

    private final SystemRuntime runtime = new SystemRuntime();
    private final JacksonJson json = new JacksonJson();
    private final FileKeyring keys;
    private final BrokerAuthority authority;
    private final Broker.Running running;
    private final String pin;

    public BenchBroker(Path directory) throws InterruptedException {
        this(directory, "127.0.0.1");
    }

    /** One that listens on an address of this machine. */
    public BenchBroker(Path directory, String address) throws InterruptedException {
        this.keys = new FileKeyring(new LocalFileTree(directory.resolve("keys")), runtime);
        this.authority = NatsModule.authority(json, runtime);
        List.of(OPERATOR, ACCOUNT, SYSTEM, ADMIN, KeyRole.NATS_USER, KeyRole.IDENTITY)
                .forEach(keys::ensure);
        BouncyCertificateIssuer issuer = new BouncyCertificateIssuer(runtime, runtime);
        Path tls = directory.resolve("tls");
        this.pin = issuer.makeAuthority(tls, "bench", Duration.ofDays(1));
        issuer.issueServer(tls, tls, List.of(address, "localhost"), Duration.ofDays(1));
        this.running = NatsModule.broker(new LocalProcessRunner(), json)
                .start(spec(directory, tls, address), Duration.ofSeconds(20));
    }

    private Broker.Spec spec(Path directory, Path tls, String address) {
        String account = nkey(ACCOUNT);
        String system = nkey(SYSTEM);
        return new Broker.Spec(
                address,
                0,
                directory.resolve("nats"),
                tls.resolve("server.pem"),
                tls.resolve("server.key"),
                authority.operator(keys, OPERATOR, "bench", system),
                List.of(
                        new Broker.Account(account, authority.account(keys, OPERATOR, account, "one", true, 8L << 30)),
                        new Broker.Account(system, authority.account(keys, OPERATOR, system, "system", false, 0))),
                system,
                Optional.empty());
    }

    private String nkey(KeyRole role) {
        return keys.publicNkey(role).orElseThrow();
    }

    /** How another process gets in as the administrator, who may do all. */
    public BrokerAccess access() {
        return new BrokerAccess(url(), pin, administratorJwt(), administratorSeed());
    }

    String url() {
        return running.url().toString();
    }

    javax.net.ssl.SSLContext tls() {
        return new PinnedTls().client(new TrustPolicy(List.of(pin), 0));
    }

    String administratorJwt() {
        BrokerAuthority.UserGrant all =
                new BrokerAuthority.UserGrant(nkey(ADMIN), "admin", List.of(">"), List.of(">"), null);
        return authority.user(keys, ACCOUNT, all);
    }

    String administratorSeed() {
        return keys.seedForCredentials(ADMIN).useText(t -> t);
    }

    /** Signs receipts as the backplane does. */
    Receipts receipts() {
        keys.ensure(Receipts.KEY);
        return new Receipts(keys);
    }

    ReceiptVerifier verifier() {
        return new ReceiptVerifier(
                new Ed25519Signatures(), keys.publicKey(Receipts.KEY).orElseThrow(), nodeKey());
    }

    String nodeKey() {
        return nkey(KeyRole.NATS_USER);
    }

    public Link administrator() throws InterruptedException {
        return connect(new Endpoint.Credentials.NatsUser(Secret.of(administratorJwt()), ADMIN));
    }

    public Link node() throws InterruptedException {
        String key = nkey(KeyRole.NATS_USER);
        Secret jwt = Secret.of(authority.user(keys, ACCOUNT, authority.nodeGrant(key, "bench", null)));
        return connect(new Endpoint.Credentials.Node("bench", key, jwt, KeyRole.NATS_USER, KeyRole.IDENTITY));
    }

    private Link connect(Endpoint.Credentials who) throws InterruptedException {
        Transport transport = NatsModule.transport(keys, new PinnedTls(), json);
        return transport.connect(new Endpoint(
                List.of(running.url()), new TrustPolicy(List.of(pin), 0), who, "bench", Duration.ofSeconds(10)));
    }

    @Override
    public void close() {
        try {
            running.stop(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

package io.machineroom.domain.backplane;

import io.machineroom.domain.tokens.ClientToken;
import io.machineroom.domain.tokens.TokenWriter;
import io.machineroom.ports.PortException;
import io.machineroom.ports.broker.Broker;
import io.machineroom.ports.data.Secret;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.gateway.Gateway;
import io.machineroom.ports.host.FileTree;
import io.machineroom.ports.host.HostFiles;
import io.machineroom.ports.security.KeyRole;
import io.machineroom.ports.security.VerifyKey;
import io.machineroom.ports.sim.SimAuthority;
import io.machineroom.ports.sim.SimEventLog;
import io.machineroom.ports.sim.SimEvents;
import io.machineroom.ports.sim.SimFiles;
import io.machineroom.ports.sim.SimJson;
import io.machineroom.ports.sim.SimKeyring;
import io.machineroom.ports.sim.SimMeter;
import io.machineroom.ports.sim.SimSignatures;
import io.machineroom.ports.sim.SimStorage;
import io.machineroom.ports.sim.SimTasks;
import io.machineroom.ports.spool.SpoolProvider;
import io.machineroom.ports.store.EventLog;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A gateway with its front office on simulated ports, HTTPS only. */
final class OfficeWorld {
    final SimTasks tasks;
    final SimJson json = new SimJson();
    final SimEvents format = new SimEvents();
    final SimKeyring offline;
    final SimKeyring keys;
    final FileTree files;
    final Charter charter;
    final FrontOffice office;
    final GatewayRoutes routes;
    final EventLog log;
    final Ingest ingest;
    final TextCertificates certificates;
    final List<String> leaders = new ArrayList<>();
    Ways ways = new Ways(List.of(URI.create("https://localhost:8443")), List.of());
    private EnrolmentPolicy policy = EnrolmentPolicy.acceptAll();

    OfficeWorld(long seed) {
        tasks = new SimTasks(seed);
        offline = new SimKeyring(tasks.entropy());
        keys = new SimKeyring(tasks.entropy());
        files = SimFiles.fresh(tasks);
        certificates = new TextCertificates(files, tasks.time(), tasks.entropy());
        charter = charter();
        keys.ensure(Receipts.KEY);
        IngestPorts ports = new IngestPorts(tasks, tasks.time(), tasks.entropy(), new SimMeter(), json, format);
        log = SimEventLog.open(
                new SimStorage(tasks::await), SpoolProvider.LogSettings.defaults(Path.of("/log")), tasks.entropy());
        ingest = new Ingest(log, ports, new Receipts(keys), (o, r) -> {}, Ingest.Settings.defaults());
        office = office();
        routes = new GatewayRoutes(
                ports,
                office,
                ingest,
                new BatchReader(List.of(format), tasks.time()),
                node -> leaders.contains(node.identity()));
        tasks.run(() -> {
            ingest.bodies().forEach(tasks::fork);
            tasks.fork("desk", office.desk());
        });
    }

    private Charter charter() {
        VerifyKey.Ed25519 organisation = offline.ensure(Charter.ORGANISATION);
        VerifyKey.Ed25519 machines = offline.ensure(Charter.MACHINES);
        Map<String, Broker.Account> accounts = new TreeMap<>();
        for (String name : List.of("acme", "bolt", Charter.OWN_ACCOUNT, Charter.SYSTEM_ACCOUNT)) {
            accounts.put(name, new Broker.Account("A" + name, "jwt"));
            keys.ensure(Charter.account(name));
        }
        offline.ensure(Charter.OPERATOR);
        String operator = jwt(offline.publicNkey(Charter.OPERATOR).orElseThrow(), "operator");
        return new Charter("vendor", organisation, machines, "ab".repeat(32), operator, List.of("localhost"), accounts);
    }

    /** As NATS has it: about an nkey, signed by the operator. */
    String jwt(String nkey, String type) {
        Value.Obj claims = Value.obj("sub", Value.text(nkey))
                .with("iss", Value.text(offline.publicNkey(Charter.OPERATOR).orElseThrow()))
                .with("nats", Value.obj("type", Value.text(type)));
        Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
        String text = base64.encodeToString(json.write(Value.obj())) + "." + base64.encodeToString(json.write(claims));
        byte[] signature = offline.sign(Charter.OPERATOR, text.getBytes(StandardCharsets.US_ASCII));
        return text + "." + base64.encodeToString(signature);
    }

    /** Registers a site as {@code site add} does. */
    Site site(String customer, String name, String leader) {
        SiteOffice.Plan plan =
                new SiteOffice.Plan(customer, name, leader, new Site.Place(name + ".example", 9222, 9223));
        return office.sites().add(plan, jwt(office.sites().accountKey(plan), "account"));
    }

    /** Registers one with {@code two} and {@code three} as standbys. */
    Site siteWithStandbys(String customer, String name, String leader) {
        site(customer, name, leader);
        return standBy(
                customer,
                name,
                SitePorts.ROUTE,
                List.of(
                        new Site.Seat("two", new Site.Place("h2.example", 9222, 9223, 9224)),
                        new Site.Seat("three", new Site.Place("2001:db8::3", 1, 2, 3))));
    }

    /** Has two stand by whose machines are still to be installed. */
    Site standBy(String customer, String name, int routePort, List<Site.Seat> standbys) {
        StandbyWish wish = StandbyWish.two(customer, name, Optional.of(routePort), standbys);
        return office.sites().standBy(wish.forced()).site();
    }

    private FrontOffice office() {
        NodeRegister register = new NodeRegister(files, json);
        Sessions sessions = new Sessions(tasks.entropy(), tasks.time());
        Challenges challenges = new Challenges(tasks.entropy(), tasks.time());
        DesiredState desired =
                new DesiredState(files, json, new SimSignatures(), tasks.time(), charter.machineSigner());
        TokenWriter issuing = new TokenWriter(json, offline, tasks.entropy());
        ClientToken.Draft draft = new ClientToken.Draft(
                "vendor", keys.ensure(Charter.CHAIN_ISSUER), List.of(ClientToken.PROVISIONER), "choria");
        String issuer = issuing.chainIssuer(draft, Charter.ORGANISATION, now(), Duration.ofDays(365));
        CharterBook book = CharterBook.of(
                new CharterBook.Parts(files, keys, json, new SimSignatures(), tasks.time()), charter, issuer);
        Enroller.Parts parts = new Enroller.Parts(
                json,
                new SimSignatures(),
                keys,
                tasks.time(),
                new TokenWriter(json, keys, tasks.entropy()),
                new SimAuthority(),
                candidate -> policy.decide(candidate),
                book);
        Enroller enroller =
                new Enroller(parts, new Enroller.Office(register, sessions, challenges, desired, () -> ways));
        return new FrontOffice(
                new Desk(tasks, new SimMeter()),
                register,
                sessions,
                challenges,
                desired,
                enroller,
                new Artifacts(files, new NoFiles()),
                new SimSignatures(),
                book,
                new SiteOffice(book, certificates));
    }

    void policy(EnrolmentPolicy other) {
        policy = other;
    }

    Instant now() {
        return tasks.time().wall();
    }

    /** A provisioning token as the vendor issues it. */
    String token(String customer, Duration validity) {
        return token(customer, "plant", validity);
    }

    String token(String customer, String site, Duration validity) {
        Founding.Place place = new Founding.Place(files, offline);
        Founding.Means means = new Founding.Means(json, tasks.time(), tasks.entropy());
        Secret token = new TokenIssuer(place, means)
                .issue(charter, customer, site, List.of(URI.create("https://localhost:8443")), validity);
        return token.useText(text -> text);
    }

    Gateway.Response ask(String method, String path, Map<String, String> headers, byte[] body) {
        List<Gateway.Response> out = new ArrayList<>();
        tasks.run(() -> out.add(routes.handle(new Gateway.Request(method, path, "", headers, body, "test"))));
        return out.getFirst();
    }

    Value.Obj post(String path, Value.Obj body) {
        return document(ask("POST", path, Map.of(), json.write(body)));
    }

    Value.Obj document(Gateway.Response response) {
        return ((Value.Obj) json.read(response.body())).with("http", Value.num(response.status()));
    }

    /** A node with keys of its own. */
    final class Node {
        final String identity;
        final SimKeyring keyring = new SimKeyring(tasks.entropy());
        String nodeNonce = tasks.entropy().hex(32);

        Node(String identity) {
            this.identity = identity;
            keyring.ensure(KeyRole.IDENTITY);
            keyring.ensure(KeyRole.NATS_USER);
        }

        String key() {
            return keyring.publicKey(KeyRole.IDENTITY).orElseThrow().hexText();
        }

        String nkey() {
            return keyring.publicNkey(KeyRole.NATS_USER).orElseThrow();
        }

        String sign(KeyRole role, String text) {
            return HexFormat.of().formatHex(keyring.sign(role, text.getBytes(StandardCharsets.UTF_8)));
        }

        String challenge() {
            return post("/v1/enrol/challenge", Value.obj()).text("nonce").orElseThrow();
        }

        Value.Obj application(String token, String nonce) {
            String text = "mr-enrol-1 " + identity + " " + key() + " " + nkey() + " " + nonce + " " + nodeNonce;
            return Value.obj("token", Value.text(token), "identity", Value.text(identity))
                    .with("public_key", Value.text(key()))
                    .with("public_nkey", Value.text(nkey()))
                    .with("nonce", Value.text(nonce))
                    .with("node_nonce", Value.text(nodeNonce))
                    .with("signature", Value.text(sign(KeyRole.IDENTITY, text)))
                    .with("nkey_signature", Value.text(sign(KeyRole.NATS_USER, text)))
                    .with("inventory", Value.obj("version", Value.text("1.0.0"), "facts", Value.obj()));
        }

        Value.Obj enrol(String token) {
            return post("/v1/enrol", application(token, challenge()));
        }

        String session() {
            String nonce = post("/v1/session/challenge", Value.obj("public_key", Value.text(key())))
                    .text("nonce")
                    .orElseThrow();
            Value.Obj answer = post(
                    "/v1/session",
                    Value.obj(
                            "public_key", Value.text(key()),
                            "nonce", Value.text(nonce),
                            "signature", Value.text(sign(KeyRole.IDENTITY, "mr-session-1 " + key() + " " + nonce))));
            return answer.text("session")
                    .orElse("refused " + answer.text("code").orElse(""));
        }
    }

    /** There is no other disk in this world. */
    private static final class NoFiles implements HostFiles {
        @Override
        public Optional<FileTree.Info> info(Path path) {
            return Optional.empty();
        }

        @Override
        public Optional<String> sha256(Path path) {
            return Optional.empty();
        }

        @Override
        public Optional<byte[]> read(Path path, int maxBytes) {
            return Optional.empty();
        }

        @Override
        public Optional<Owner> owner(Path path) {
            return Optional.empty();
        }

        @Override
        public void replace(Path path, byte[] content, int mode, String owner, String group) {
            throw new PortException.Refused("file.denied", "there is no other disk");
        }

        @Override
        public boolean onPath(String program) {
            return false;
        }
    }
}

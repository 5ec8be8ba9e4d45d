package io.machineroom.domain.backplane;

import io.machineroom.domain.supervision.BrokerKeeper;
import io.machineroom.ports.broker.Broker;
import io.machineroom.ports.broker.BrokerAuthority;
import io.machineroom.ports.data.Secret;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.host.FileTree;
import io.machineroom.ports.security.TrustPolicy;
import io.machineroom.ports.transport.Endpoint;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The broker that a backplane works with: its own child, one of somebody else, or none. */
final class NatsPlant {
    private static final System.Logger LOG = System.getLogger(NatsPlant.class.getName());
    private static final String PLACES = "public.json";
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final int START_LOOKS = 100;

    private final CharterBook book;
    private final Equipment equipment;
    private final UpSettings.Nats nats;
    private final Optional<BrokerKeeper> keeper;
    private final String note;

    NatsPlant(CharterBook book, Equipment equipment, UpSettings.Nats wanted) {
        this.book = book;
        this.equipment = equipment;
        String missing = wanted instanceof UpSettings.Nats.Own
                ? equipment.ways().broker().missing()
                : "";
        this.nats = missing.isEmpty() ? wanted : new UpSettings.Nats.None();
        this.note = note(missing, nats);
        this.keeper = nats instanceof UpSettings.Nats.Own own
                ? Optional.of(new BrokerKeeper(
                        equipment.ways().broker(), spec(own), equipment.host().tasks()))
                : Optional.empty();
    }

    private static String note(String missing, UpSettings.Nats nats) {
        if (nats instanceof UpSettings.Nats.Trusting trusting) {
            return "nodes use " + trusting.url() + " too: it must trust the operator and hold the accounts of"
                    + " backplane.json; for any other NATS give --creds FILE";
        }
        return missing.isEmpty() ? "" : "HTTPS only: " + missing;
    }

    /** What the operator should know; empty when all is as asked. */
    String note() {
        return note;
    }

    Optional<BrokerKeeper> keeper() {
        return keeper;
    }

    boolean reachesVendorStreams() {
        return !(nats instanceof UpSettings.Nats.None);
    }

    boolean reachesNodes() {
        return nats instanceof UpSettings.Nats.Own || nats instanceof UpSettings.Nats.Trusting;
    }

    private Broker.Spec spec(UpSettings.Nats.Own own) {
        FileTree files = equipment.host().files();
        int port = own.port() == 0 ? remembered("nats_port") : own.port();
        files.makeDirectory("nats", 0700);
        return new Broker.Spec(
                own.host(),
                port,
                files.path("nats"),
                files.path(ServerCertificate.CHAIN),
                files.path(ServerCertificate.KEY),
                book.charter().operatorJwt(),
                accounts(),
                book.charter().systemAccount(),
                Optional.empty());
    }

    private List<Broker.Account> accounts() {
        return List.copyOf(book.charter().accounts().values());
    }

    /** Gives our own broker the account of a new customer. */
    void admit(Broker.Account account) {
        keeper.ifPresent(k -> k.admit(account));
    }

    /** Has our own broker read the renewed certificate. */
    void renewCertificate() {
        keeper.ifPresent(BrokerKeeper::renewCertificate);
    }

    /** Gives the broker some seconds to come up, so that its port is known before nodes enrol. */
    void awaitBroker() throws InterruptedException {
        for (int i = 0;
                i < START_LOOKS && keeper.isPresent() && keeper.get().url().isEmpty();
                i++) {
            equipment.host().tasks().sleep(Duration.ofMillis(100));
        }
        if (keeper.isPresent() && keeper.get().url().isEmpty()) {
            LOG.log(System.Logger.Level.WARNING, "the broker is not up yet; nodes use HTTPS until it is");
        }
    }

    private Optional<URI> url() {
        return switch (nats) {
            case UpSettings.Nats.None none -> Optional.empty();
            case UpSettings.Nats.Own own -> keeper.flatMap(BrokerKeeper::url);
            case UpSettings.Nats.Trusting trusting -> Optional.of(trusting.url());
            case UpSettings.Nats.Foreign foreign -> Optional.of(foreign.url());
        };
    }

    /** What nodes are told. */
    List<URI> urls() {
        if (!reachesNodes() || url().isEmpty()) {
            return List.of();
        }
        URI url = url().get();
        return nats instanceof UpSettings.Nats.Own ? List.of(book.charter().at("tls", url.getPort())) : List.of(url);
    }

    /** Where and as whom to reach a customer's account. */
    Optional<Endpoint> endpoint(String account) {
        return url().map(url -> {
            var keys = equipment.trust().keys();
            keys.ensure(Charter.user(account));
            String nkey = keys.publicNkey(Charter.user(account)).orElseThrow();
            BrokerAuthority.UserGrant all =
                    new BrokerAuthority.UserGrant(nkey, "backplane", List.of(">"), List.of(">"), null);
            String jwt = equipment.trust().authority().user(keys, Charter.account(account), all);
            return new Endpoint(
                    List.of(local(url)),
                    trust(List.of(book.charter().caPin())),
                    new Endpoint.Credentials.NatsUser(Secret.of(jwt), Charter.user(account)),
                    "backplane " + account,
                    CONNECT);
        });
    }

    /** Where and as whom the vendor-facing streams are written. */
    Optional<Endpoint> vendorEndpoint() {
        if (nats instanceof UpSettings.Nats.Foreign foreign) {
            return Optional.of(new Endpoint(
                    List.of(foreign.url()),
                    trust(foreign.pins()),
                    new Endpoint.Credentials.NatsCredsFile(foreign.credentials()),
                    "backplane",
                    CONNECT));
        }
        return endpoint(Charter.OWN_ACCOUNT);
    }

    /** Our own broker is reached under a name of its certificate, whatever address it listens on. */
    private URI local(URI url) {
        return nats instanceof UpSettings.Nats.Own ? book.charter().at("tls", url.getPort()) : url;
    }

    private TrustPolicy trust(List<String> pins) {
        return new TrustPolicy(pins, equipment.host().time().wall().getEpochSecond());
    }

    /** Keeps the ports for the next start and for {@code backplane token}. */
    void remember(Ways ways) {
        Value.Obj places = Value.obj("https", urls(ways.https()), "nats", urls(ways.nats()))
                .with("gateway_port", Value.num(ways.https().getFirst().getPort()))
                .with(
                        "nats_port",
                        Value.num(keeper.flatMap(BrokerKeeper::url)
                                .map(URI::getPort)
                                .orElse(remembered("nats_port"))));
        equipment.host().files().replace(PLACES, equipment.host().json().pretty(places), 0600);
    }

    private static Value urls(List<URI> urls) {
        return Value.texts(urls.stream().map(URI::toString).toList());
    }

    int rememberedGatewayPort() {
        return remembered("gateway_port");
    }

    private int remembered(String key) {
        return equipment
                .host()
                .files()
                .read(PLACES, 4096)
                .flatMap(bytes -> ((Value.Obj) equipment.host().json().read(bytes)).whole(key))
                .map(Long::intValue)
                .orElse(0);
    }
}

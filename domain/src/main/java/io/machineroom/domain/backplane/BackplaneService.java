package io.machineroom.domain.backplane;

import io.machineroom.domain.supervision.Service;
import io.machineroom.domain.supervision.Supervisor;
import io.machineroom.domain.supervision.SupervisorSettings;
import io.machineroom.domain.tokens.TokenWriter;
import io.machineroom.ports.broker.Broker;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.gateway.Gateway;
import io.machineroom.ports.kv.Slots;
import io.machineroom.ports.runtime.Tasks;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A running backplane: event log, ingest, desk, broker, one line per account, gateway and control socket,
 * all supervised. State that matters is on disk before anybody is answered, so it survives its own kill -9.
 */
public final class BackplaneService {
    private static final System.Logger LOG = System.getLogger(BackplaneService.class.getName());
    private static final int MAX_BODY = 1 << 20;
    private static final int MAX_CONNECTIONS = 2048;
    private static final long KEPT_ENTRIES = 5_000_000;
    private static final Duration STOP = Duration.ofSeconds(8);
    /** Its broker closes its store. */
    private static final Duration CLOSING = Duration.ofSeconds(20);

    private final CharterBook book;
    private final Equipment equipment;
    private final UpSettings settings;
    private final IngestPorts ports;
    private final AccountLines lines;
    private final Ingest ingest;
    private final FrontOffice office;
    private final NatsPlant plant;
    private final EventFeed feed;
    private final NodeDirectory directory;
    private final NodeList nodes;
    private final VendorStreams vendor;
    private final ServerCertificate certificate;
    private final ExpiryWatch expiry;
    private volatile int gatewayPort;

    /** Builds everything and starts nothing. The policy is the vendor's word about nodes. */
    public BackplaneService(CharterBook book, Equipment equipment, UpSettings settings, EnrolmentPolicy policy) {
        this.book = book;
        this.equipment = equipment;
        this.settings = settings;
        Equipment.Host host = equipment.host();
        Equipment.Trust trust = equipment.trust();
        this.ports = new IngestPorts(
                host.tasks(),
                host.time(),
                host.entropy(),
                host.meter(),
                host.json(),
                equipment.ways().formats().getFirst());
        this.lines = new AccountLines(ports, book.sites());
        this.ingest =
                new Ingest(host.log(), ports, new Receipts(trust.keys()), lines::send, Ingest.Settings.defaults());
        this.office = office(policy);
        EventDecoder decoder = new EventDecoder(equipment.ways().formats(), host.json());
        this.feed = new EventFeed(host.log(), decoder);
        this.directory = new NodeDirectory(host.log(), host.files(), host.json(), host.time());
        this.nodes = new NodeList(office.register(), directory, book.sites(), ports);
        this.vendor = new VendorStreams(host.log(), host.files(), host.json(), decoder, host.time());
        this.certificate = new ServerCertificate(host.files());
        this.expiry = new ExpiryWatch(book, trust.certificates(), host.files().path(ServerCertificate.CHAIN), ports);
        this.plant = new NatsPlant(book, equipment, settings.nats());
    }

    private Line line(String customer) {
        CustomerIntake intake = new CustomerIntake(customer, office, ingest, ports.tasks(), ports.meter());
        return new Line(customer, equipment.ways().nats(), () -> plant.endpoint(customer), intake, ports.tasks());
    }

    private FrontOffice office(EnrolmentPolicy policy) {
        Equipment.Host host = equipment.host();
        Equipment.Trust trust = equipment.trust();
        NodeRegister register = new NodeRegister(host.files(), host.json());
        Sessions sessions = new Sessions(host.entropy(), host.time());
        Challenges challenges = new Challenges(host.entropy(), host.time());
        DesiredState desired = new DesiredState(
                host.files(),
                host.json(),
                trust.signatures(),
                host.time(),
                book.charter().machineSigner());
        TokenWriter writer = new TokenWriter(host.json(), trust.keys(), host.entropy());
        Enroller.Parts parts = new Enroller.Parts(
                host.json(), trust.signatures(), trust.keys(), host.time(), writer, trust.authority(), policy, book);
        Enroller enroller =
                new Enroller(parts, new Enroller.Office(register, sessions, challenges, desired, this::ways));
        return new FrontOffice(
                new Desk(host.tasks(), host.meter()),
                register,
                sessions,
                challenges,
                desired,
                enroller,
                new Artifacts(host.files(), host.hostFiles()),
                trust.signatures(),
                book,
                new SiteOffice(book, trust.certificates()));
    }

    /**
     * Runs until the task is cancelled or a part that everything depends on has failed.
     *
     * @param ready told once when it takes requests: {@code https}, {@code nats}, {@code note}
     * @return what failed
     */
    public Supervisor.Fallen run(Consumer<Value.Obj> ready) throws InterruptedException {
        Equipment.Host host = equipment.host();
        Supervisor core = supervisor(1);
        Supervisor edge = supervisor(Integer.MAX_VALUE);
        try {
            certificate.finish();
            office.register().load();
            office.desired().load(book.charter().customers());
            vendor.load();
            ingest.restore();
            ingest.bodies().forEach((name, body) -> core.start(Service.of(name, body)));
            core.start(Service.of("desk", office.desk()));
            core.start(Service.of("directory", directory));
            edge.start(Service.of("retention", this::retain));
            openLines(edge);
            edge.start(Service.of("expiry", expiry));
            edge.start(Service.of("stale-nodes", nodes));
            edge.start(new GovernorWatch(lines, ports));
            EventDecoder decoder = new EventDecoder(equipment.ways().formats(), host.json());
            edge.start(new TallyFeed(host.log(), decoder, host.time(), host.meter()));
            try (FrontDoor door = new FrontDoor(this::serve, wantedPort(), host.tasks())) {
                gatewayPort = door.port();
                plant.remember(ways());
                var control = new ControlDesk(
                        office, ingest, new ControlDesk.Books(feed, nodes), host.hostFiles(), new Changes(edge, door));
                return serveControl(control, new Changes(edge, door), core, ready);
            }
        } finally {
            edge.stop(STOP);
            core.stop(CLOSING);
            host.log().close();
        }
    }

    private Supervisor supervisor(int maxFailures) {
        SupervisorSettings plain = SupervisorSettings.defaults();
        SupervisorSettings wanted =
                new SupervisorSettings(plain.firstDelay(), Duration.ofSeconds(30), maxFailures, plain.quietAfter());
        return new Supervisor(wanted, ports.tasks(), ports.time(), ports.entropy(), ports.meter());
    }

    /** What a running backplane does about changes. */
    private final class Changes implements ControlDesk.Changes {
        private final Supervisor edge;
        private final FrontDoor door;

        Changes(Supervisor edge, FrontDoor door) {
            this.edge = edge;
            this.door = door;
        }

        @Override
        public void certificate() {
            certificate.commit(equipment.trust().tls());
            plant.renewCertificate();
            door.ask();
        }

        @Override
        public void renewed() throws InterruptedException {
            door.await();
        }

        @Override
        public Slots slots(String customer) {
            return lines.slots(customer);
        }

        @Override
        public Value.Obj status() {
            return BackplaneService.this.status();
        }

        @Override
        public void customer(String name, Broker.Account account) {
            plant.admit(account);
            openLine(edge, name);
        }
    }

    private Supervisor.Fallen serveControl(
            ControlDesk control, Changes changes, Supervisor core, Consumer<Value.Obj> ready)
            throws InterruptedException {
        AutoCloseable socket =
                equipment.ways().control().serve(equipment.host().files().path("control.sock"), control);
        try {
            // a command may have added one while this process was starting
            office.desk().ask(() -> {
                book.reread().forEach(changes::customer);
                return book.sites().settle(office.register()::members);
            });
            ready.accept(status());
            while (true) {
                Optional<Supervisor.Fallen> fallen = core.fallen(Duration.ofSeconds(1));
                changes.door.reopen();
                if (fallen.isPresent()) {
                    return fallen.get();
                }
            }
        } finally {
            close(socket);
        }
    }

    private static void close(AutoCloseable socket) {
        try {
            socket.close();
        } catch (Exception e) {
            LOG.log(System.Logger.Level.DEBUG, "control socket", e);
        }
    }

    private int wantedPort() {
        return settings.port() == 0 ? plant.rememberedGatewayPort() : settings.port();
    }

    private Gateway.Running serve(int port) {
        Equipment.Host host = equipment.host();
        var tls = equipment
                .trust()
                .tls()
                .server(host.files().path(ServerCertificate.CHAIN), host.files().path(ServerCertificate.KEY));
        Gateway.Settings how = new Gateway.Settings(settings.host(), port, tls, MAX_BODY, MAX_CONNECTIONS);
        BatchReader batches = new BatchReader(equipment.ways().formats(), host.time());
        GatewayRoutes routes = new GatewayRoutes(ports, office, ingest, batches, book.sites()::leads);
        return equipment.ways().gateway().serve(how, routes);
    }

    private void openLines(Supervisor edge) throws InterruptedException {
        Tasks tasks = equipment.host().tasks();
        plant.keeper().ifPresent(keeper -> edge.start(Service.of("broker", keeper)));
        plant.awaitBroker();
        if (plant.reachesVendorStreams()) {
            Line own = new Line(Charter.OWN_ACCOUNT, equipment.ways().nats(), plant::vendorEndpoint, vendor, tasks);
            edge.start(Service.of("vendor-streams", own));
        }
        book.customers().forEach(customer -> openLine(edge, customer));
    }

    private void openLine(Supervisor edge, String customer) {
        if (plant.reachesNodes()) {
            lines.open(customer, edge, this::line);
        }
    }

    private void retain() throws InterruptedException {
        while (true) {
            ports.tasks().sleep(Duration.ofSeconds(60));
            long keepFrom = equipment.host().log().end() - KEPT_ENTRIES;
            long read = plant.reachesVendorStreams() ? vendor.position() : Long.MAX_VALUE;
            long from = Math.min(keepFrom, read);
            if (from > equipment.host().log().start()) {
                ingest.trim(from);
            }
        }
    }

    private Value.Obj status() {
        Ways ways = ways();
        return Value.obj("name", Value.text(book.charter().name()))
                .with(
                        "https",
                        Value.texts(ways.https().stream().map(URI::toString).toList()))
                .with(
                        "nats",
                        Value.texts(ways.nats().stream().map(URI::toString).toList()))
                .with("note", Value.text(plant.note()))
                .with("expires", expiry.document())
                .with("warnings", Value.texts(expiry.warnings()))
                .with("accounts", lines.status())
                .with(
                        "log",
                        Value.obj(
                                "store", Value.text(equipment.host().log().storeId()),
                                "start", Value.num(equipment.host().log().start()),
                                "end", Value.num(equipment.host().log().end())));
    }

    private Ways ways() {
        List<URI> https = gatewayPort == 0 ? List.of() : List.of(book.charter().at("https", gatewayPort));
        return new Ways(settings.gateways(https), settings.brokers(plant.urls()));
    }
}

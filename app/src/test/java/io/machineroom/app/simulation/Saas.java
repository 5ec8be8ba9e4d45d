package io.machineroom.app.simulation;

import io.machineroom.domain.backplane.BackplaneService;
import io.machineroom.domain.backplane.Charter;
import io.machineroom.domain.backplane.CharterBook;
import io.machineroom.domain.backplane.EnrolmentPolicy;
import io.machineroom.domain.backplane.Equipment;
import io.machineroom.domain.backplane.Founding;
import io.machineroom.domain.backplane.Site;
import io.machineroom.domain.backplane.SiteOffice;
import io.machineroom.domain.backplane.StandbyWish;
import io.machineroom.domain.backplane.TokenIssuer;
import io.machineroom.domain.backplane.UpSettings;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Secret;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.host.FileTree;
import io.machineroom.ports.security.Keyring;
import io.machineroom.ports.sim.SimBroker;
import io.machineroom.ports.sim.SimControlSocket;
import io.machineroom.ports.sim.SimGateway;
import io.machineroom.ports.sim.SimHostFiles;
import io.machineroom.ports.sim.SimMeter;
import io.machineroom.ports.sim.SimNode;
import io.machineroom.ports.sim.SimStreams;
import io.machineroom.ports.sim.SimTransport;
import io.machineroom.ports.spool.SpoolProvider;
import io.machineroom.ports.transport.Transport;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The vendor's side: the product's backplane with its broker and gateway, on a box that can be killed. */
final class Saas {
    static final String CUSTOMER = "acme";
    /** Site of nodes that have no leader. */
    static final String PLANT = "plant";

    static final String GATE = "gate.saas";
    static final String BROKER = "broker.saas";
    private static final int GATE_PORT = 8443;
    private static final int BROKER_PORT = 4222;
    private static final Path STATE = Path.of("/saas/state");
    private static final Path OFFLINE = Path.of("/saas/offline");
    private static final Duration TOKEN_VALID = Duration.ofDays(30_000);
    private static final Duration RESTART = Duration.ofSeconds(5);

    private final SimWorld world;
    private final Box box;
    private final FileTree offlineFiles;
    private final Keyring offlineKeys;
    private final Founding.Means means;
    private final Charter charter;
    private final SimBroker broker;
    private @Nullable SimControlSocket control;
    private @Nullable CharterBook book;
    private boolean ready;

    Saas(SimWorld world) {
        this.world = world;
        this.box = new Box(world.sim(), "saas");
        this.broker = new SimBroker(world.network());
        this.offlineFiles = box.tree(OFFLINE);
        this.offlineKeys = box.keyring(offlineFiles);
        this.means = new Founding.Means(world.codecs().json(), box.clock(), box.entropy());
        FileTree state = box.tree(STATE);
        Founding founding = new Founding(
                new Founding.Place(state, box.keyring(box.tree(STATE.resolve("keys")))),
                new Founding.Place(offlineFiles, offlineKeys),
                new PlainCertificates(box),
                world.accounts(),
                means);
        this.charter = founding.found("sim", List.of(CUSTOMER), List.of(BROKER, GATE));
        state.sync("");
        world.network().pin(BROKER, charter.caPin());
    }

    Box box() {
        return box;
    }

    Charter charter() {
        return charter;
    }

    Founding.Means means() {
        return means;
    }

    Founding.Place offline() {
        return new Founding.Place(offlineFiles, offlineKeys);
    }

    private static List<URI> gates() {
        return List.of(URI.create("https://" + GATE + ":" + GATE_PORT));
    }

    /** A provisioning token for nodes on their own. */
    Secret token() {
        return new TokenIssuer(offline(), means).issue(charter, CUSTOMER, PLANT, gates(), TOKEN_VALID);
    }

    /** A provisioning token for the nodes of a registered site. */
    Secret token(Site site) {
        return new TokenIssuer(offline(), means).issue(charter, site, gates(), TOKEN_VALID);
    }

    /** Registers a site as {@code backplane site add} does. The SaaS must be there. */
    Site addSite(SiteOffice.Plan plan) {
        Told key = ask(plan.document().with("command", Value.text("site-key")));
        String nkey = key.answers().getFirst().text("nkey").orElseThrow();
        String jwt = Founding.sponsorSite(offline(), world.accounts(), plan, nkey);
        Told added = ask(plan.document().with("command", Value.text("site-add")).with("account", Value.text(jwt)));
        if (!added.done()) {
            throw new IllegalStateException("no site: " + added);
        }
        return registered(plan.name());
    }

    private Site registered(String name) {
        CharterBook now = Objects.requireNonNull(book, "it runs");
        return now.sites().find(CUSTOMER, name).orElseThrow();
    }

    /** Has two nodes stand by as {@code backplane site standby} does. The SaaS must be there. */
    Site standBy(String site, int routePort, List<Site.Seat> standbys) {
        // their machines come later
        StandbyWish wish = StandbyWish.two(CUSTOMER, site, Optional.of(routePort), standbys)
                .forced();
        Told told = ask(wish.document().with("command", Value.text("site-standby")));
        if (!told.done()) {
            throw new IllegalStateException("no standbys: " + told);
        }
        return registered(site);
    }

    // --- its process -----------------------------------------------------------------------------

    void start() {
        SimNode process = box.boot();
        SimControlSocket socket = new SimControlSocket(process);
        SimGateway gateway = new SimGateway(box.disk()).whenBroken(world::broken);
        control = socket;
        ready = false;
        process.fork("up", () -> {
            up(process, socket, gateway);
            world.later(RESTART, "saas starts again", () -> {
                if (box.process() == process) {
                    start();
                }
            });
        });
    }

    private void up(SimNode process, SimControlSocket socket, SimGateway gateway) throws InterruptedException {
        try {
            BackplaneService service = service(process, socket, gateway);
            var fallen = service.run(status -> {
                world.web().open(GATE, gateway, process, charter.caPin());
                ready = true;
            });
            world.log("saas fell: " + fallen);
        } catch (PortException e) {
            world.log("saas cannot start: " + e.code() + ": " + e.getMessage());
        }
        world.web().close(GATE);
        ready = false;
    }

    private BackplaneService service(SimNode process, SimControlSocket socket, SimGateway gateway) {
        FileTree state = box.tree(STATE);
        Keyring keys = box.keyring(box.tree(STATE.resolve("keys")));
        SpoolProvider logs = new WitnessSpools(world, box);
        var log = logs.openLog(
                new SpoolProvider.LogSettings(state.path("log"), 2 << 20, 64L << 20), box.clock(), box.entropy());
        Transport nats = SimTransport.nats(world.network(), "saas");
        Equipment equipment = new Equipment(
                new Equipment.Host(
                        process,
                        box.clock(),
                        box.entropy(),
                        new SimMeter(),
                        world.codecs().json(),
                        state,
                        new SimHostFiles(box.disk()),
                        log),
                new Equipment.Trust(keys, box.signatures(), world.web(), world.accounts(), new PlainCertificates(box)),
                new Equipment.Doors(
                        world.codecs().formats(),
                        gateway,
                        nats,
                        world.accounts().guarded(broker, BROKER),
                        socket));
        UpSettings settings = new UpSettings(
                GATE,
                GATE_PORT,
                new UpSettings.Nats.Own(BROKER, BROKER_PORT),
                List.of(
                        URI.create("https://" + GATE + ":" + GATE_PORT),
                        URI.create("tls://" + BROKER + ":" + BROKER_PORT)));
        CharterBook fresh = CharterBook.open(
                new CharterBook.Parts(state, keys, world.codecs().json(), box.signatures(), box.clock()));
        book = fresh;
        return new BackplaneService(fresh, equipment, settings, EnrolmentPolicy.acceptAll());
    }

    boolean ready() {
        return ready;
    }

    /** Ends at once; the service manager starts it again after a while. */
    void die(boolean power, Duration downFor) {
        down(power, downFor);
        if (power) {
            box.powerCut();
        } else {
            box.kill();
        }
    }

    /** Dies right before one of its next writes. */
    void dieAtAWrite(int steps, Duration downFor) {
        box.powerCutAfter(steps, () -> down(true, downFor));
    }

    private void down(boolean power, Duration downFor) {
        world.web().close(GATE);
        ready = false;
        if (power) {
            broker.kill(STATE.resolve("nats"));
        } else {
            broker.orphan(STATE.resolve("nats"));
        }
        SimNode dead = box.process();
        world.later(downFor, "saas boots", () -> {
            if (box.process() == dead) {
                start();
            }
        });
    }

    // --- its broker ------------------------------------------------------------------------------

    SimStreams streams() {
        return broker.store(STATE.resolve("nats"));
    }

    void killBroker() {
        broker.kill(STATE.resolve("nats"));
    }

    // --- its operator ----------------------------------------------------------------------------

    /**
     * What an operator was told.
     *
     * @param code of the refusal; {@code down} when nobody answered; empty when it was done
     */
    record Told(String code, List<Value.Obj> answers) {
        boolean done() {
            return code.isEmpty();
        }
    }

    /** Asks over the control socket; the world goes on meanwhile. */
    Told ask(Value.Obj request) {
        SimControlSocket socket = control;
        if (socket == null || !ready) {
            return new Told("down", List.of());
        }
        List<Value.Obj> answers = new ArrayList<>();
        String[] code = {"down"};
        world.sim().run(() -> {
            try {
                socket.call(STATE.resolve("control.sock"), request, answers::add);
                code[0] = ready ? "" : "down";
            } catch (PortException e) {
                code[0] = e.code();
            }
        });
        return new Told(code[0], answers);
    }
}

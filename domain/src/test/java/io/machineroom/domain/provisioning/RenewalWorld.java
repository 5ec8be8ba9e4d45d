package io.machineroom.domain.provisioning;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.domain.flow.SimSaas;
import io.machineroom.ports.PortException;
import io.machineroom.ports.host.FactSource;
import io.machineroom.ports.kv.Bucket;
import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.security.KeyRole;
import io.machineroom.ports.security.TrustPolicy;
import io.machineroom.ports.sim.SimDisk;
import io.machineroom.ports.sim.SimFacts;
import io.machineroom.ports.sim.SimFiles;
import io.machineroom.ports.sim.SimJson;
import io.machineroom.ports.sim.SimKeyring;
import io.machineroom.ports.sim.SimMeter;
import io.machineroom.ports.sim.SimSignatures;
import io.machineroom.ports.sim.SimTasks;
import io.machineroom.ports.transport.Endpoint;
import io.machineroom.ports.transport.Link;
import io.machineroom.ports.transport.Transport;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A node that keeps its enrolment fresh, on simulated ports; no test is in it. */
final class RenewalWorld {
    final SimTasks tasks;
    final SimEnroller enroller;
    final List<Enrolment> renewed = new ArrayList<>();
    final Set<String> dead = new HashSet<>();
    final List<String> asked = new ArrayList<>();
    final Config config = new Config();
    private final SimFiles root;
    private final SimFiles files;
    private final SimKeyring keyring;
    private final SimSaas saas;
    private final SimMeter meter = new SimMeter();
    private final EnrolmentStore store;

    RenewalWorld(long seed) {
        tasks = new SimTasks(seed);
        SimDisk disk = new SimDisk(tasks.time(), 4);
        root = new SimFiles(disk, Path.of("/"));
        files = new SimFiles(disk, Path.of("/etc/agent"));
        keyring = new SimKeyring(tasks.entropy());
        saas = new SimSaas(tasks, tasks.entropy());
        enroller = new SimEnroller(tasks.time(), tasks.entropy(), saas.receiptKey());
        store = new EnrolmentStore(files, new SimJson(), new SimSignatures(), keyring);
        saas.answering(enroller);
        files.replace("provisioning.jwt", enroller.token().getBytes(StandardCharsets.UTF_8), 0600);
    }

    /** A bucket that somebody else fills. */
    static final class Config implements Bucket {
        Optional<String> sites = Optional.empty();
        boolean up = true;
        int looks;

        @Override
        public Optional<Entry> get(String key) {
            looks++;
            if (!up) {
                throw new PortException.Unavailable("bucket.unreachable", "no link is up");
            }
            return sites.filter(text -> key.equals("sites"))
                    .map(text -> new Entry(key, text.getBytes(StandardCharsets.UTF_8), 1, false));
        }

        @Override
        public long put(String key, byte[] value) {
            throw readOnly();
        }

        @Override
        public Optional<Long> create(String key, byte[] value) {
            throw readOnly();
        }

        @Override
        public Optional<Long> update(String key, byte[] value, long revision) {
            throw readOnly();
        }

        @Override
        public void delete(String key) {
            throw readOnly();
        }

        @Override
        public Link.Subscription watch(String key, Mailbox<Entry> into) {
            throw readOnly();
        }

        private PortException.Refused readOnly() {
            return new PortException.Refused("bucket.read-only", "a node may only look");
        }
    }

    /** The gateways: those that are dead do not answer. */
    private Transport gateways() {
        Transport there = saas.way("https");
        return new Transport() {
            @Override
            public Set<String> schemes() {
                return Set.of("https");
            }

            @Override
            public Link connect(Endpoint endpoint) throws InterruptedException {
                String host = endpoint.urls().getFirst().getHost();
                asked.add(host);
                if (dead.contains(host)) {
                    throw new PortException.Unavailable("link.unreachable", host);
                }
                return there.connect(endpoint);
            }
        };
    }

    private EnrolmentLoop.Parts parts() {
        return new EnrolmentLoop.Parts(
                gateways(),
                new DiskHostFiles(root),
                new SimFacts("host.example.net"),
                keyring,
                new SimSignatures(),
                new SimJson(),
                tasks,
                tasks.time(),
                tasks.entropy(),
                meter);
    }

    private EnrolmentSettings settings() {
        return new EnrolmentSettings(
                Optional.of(enroller.organisation()),
                Path.of("/etc/agent/provisioning.jwt"),
                Optional.of("n1.example.net"),
                "1.0",
                Duration.ofSeconds(5),
                FactSource.OptOuts.none());
    }

    private Enrolment enrolled() {
        List<Enrolment> out = new ArrayList<>();
        EnrolmentLoop loop = new EnrolmentLoop(settings(), parts(), store, configuration -> List.of(), out::add);
        Tasks.Task task = tasks.fork("enrolment", loop::run);
        assertTrue(
                tasks.runUntil(task::done, Duration.ofMinutes(2)),
                () -> loop.state().toString());
        asked.clear();
        return out.getLast();
    }

    private Endpoint at(String host, Enrolment enrolment) {
        return new Endpoint(
                List.of(URI.create("https://" + host + ":9223")),
                new TrustPolicy(enrolment.caPins(), enrolment.issued()),
                new Endpoint.Credentials.Node(
                        enrolment.identity(),
                        enrolment.nodeKey(),
                        enrolment.natsJwt(),
                        KeyRole.NATS_USER,
                        KeyRole.IDENTITY),
                enrolment.identity(),
                Duration.ofSeconds(5));
    }

    /** A follower of site north, which asks these gateways, each for itself. */
    void keepsFresh(String... hosts) {
        Enrolment enrolment = enrolled();
        List<Endpoint> endpoints =
                List.of(hosts).stream().map(host -> at(host, enrolment)).toList();
        RenewalRequest request = new RenewalRequest(
                settings(),
                enroller.organisation(),
                parts(),
                configuration -> List.of(),
                new RenewalRequest.Whom(store, endpoints));
        RenewalLoop loop = new RenewalLoop(
                parts(),
                request,
                enrolment,
                Optional.of(new SiteNews(config, new SimJson(), Duration.ofSeconds(200))),
                renewed::add);
        tasks.fork("renewal", loop::run);
    }

    void change(String site, String more) {
        changeAt(tasks.time().wall().getEpochSecond(), site, more);
    }

    /** A change by the backplane's clock. */
    void changeAt(long at, String site, String more) {
        config.sites = Optional.of("{\"" + site + "\":{\"changed\":" + at + more + "}}");
    }
}

package io.machineroom.domain.replication;

import io.machineroom.domain.flow.LinkKeeper;
import io.machineroom.domain.flow.LinkSettings;
import io.machineroom.domain.flow.RateSchedule;
import io.machineroom.domain.flow.Way;
import io.machineroom.domain.supervision.Service;
import io.machineroom.domain.supervision.Supervisor;
import io.machineroom.domain.supervision.SupervisorSettings;
import io.machineroom.ports.broker.Broker;
import io.machineroom.ports.broker.BrokerCluster;
import io.machineroom.ports.data.Secret;
import io.machineroom.ports.security.TrustPolicy;
import io.machineroom.ports.sim.SimDisk;
import io.machineroom.ports.sim.SimFiles;
import io.machineroom.ports.sim.SimJson;
import io.machineroom.ports.sim.SimMeter;
import io.machineroom.ports.sim.SimStreams;
import io.machineroom.ports.sim.SimTransport;
import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.transport.Link;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** A site with three places whose brokers keep one store; abstract because it holds no test. */
abstract class PlacesWorld extends SiteWorld {
    final SimStreams store = new SimStreams(tasks.time());
    final Map<Integer, Place> places = new HashMap<>();

    PlacesWorld() {
        for (int member : List.of(1, 2, 3)) {
            network.pin(host(member), SITE_PIN);
            places.put(member, new Place(member));
        }
    }

    static String host(int member) {
        return "place" + member + ".north";
    }

    /** A leader at one of the places. */
    final class Place {
        private final int member;
        private final SimFiles own;
        private final PaperCertificates paper;
        final SimMeter gauges = new SimMeter();
        final Members brokers = new Members();
        private Supervisor supervisor;
        private Site site;

        Place(int member) {
            this.member = member;
            this.own = new SimFiles(new SimDisk(tasks.time(), member), Path.of("/site" + member));
            this.paper = new PaperCertificates(own, tasks.time());
        }

        Site site() {
            return site;
        }

        SiteState.Standing standing() {
            return site.state().standing().orElseThrow();
        }

        boolean carrying() {
            return site != null && standing().carrying();
        }

        void start() {
            LinkKeeper links = new LinkKeeper(
                    List.of(new Way("nats", SimTransport.nats(network, host(member)), leader("tls"))),
                    LinkSettings.defaults(),
                    tasks,
                    tasks.time(),
                    tasks.entropy(),
                    gauges);
            site = new Site(
                    charter(member),
                    new SiteMeans(
                            brokers,
                            () -> paper,
                            own,
                            new SiteSettings(
                                    Path.of("/site" + member),
                                    host(member),
                                    100_000_000,
                                    "",
                                    RateSchedule.FREE,
                                    Optional.empty()),
                            Optional.empty()),
                    new Site.Outside(
                            links,
                            () -> SimTransport.https(network, host(member)).connect(leader("https")),
                            SimTransport.nats(network, host(member))),
                    new SimJson(),
                    new SiteRuntime.Machine(tasks, tasks.time(), tasks.entropy(), gauges));
            supervisor = new Supervisor(SupervisorSettings.defaults(), tasks, tasks.time(), tasks.entropy(), gauges);
            supervisor.start(Service.of("link", links::run));
            site.services().forEach(supervisor::start);
        }

        /** In good order. */
        void stop() {
            tasks.run(() -> supervisor.stop(Duration.ofSeconds(30)));
            site = null;
        }

        /** The machine is off: nothing is given back, and its broker is gone. */
        void die() {
            network.remove(host(member));
            for (int other : List.of(1, 2, 3)) {
                network.cut(host(member), host(other));
            }
            network.cut(host(member), "saas");
            site = null;
        }
    }

    private SiteCharter charter(int member) {
        List<BrokerCluster.Route> routes = IntStream.rangeClosed(1, 3)
                .mapToObj(m -> new BrokerCluster.Route(m, host(m), 9224))
                .toList();
        return new SiteCharter(
                "acme",
                "north",
                host(member),
                9222,
                9223,
                "operator",
                "ASYS",
                List.of(new Broker.Account("ASYS", "s"), new Broker.Account("ASITE", "a")),
                Secret.of("user"),
                Optional.of(
                        new BrokerCluster("acme-north", member, 9224, "route", Secret.of("ab".repeat(32)), routes)));
    }

    /** The brokers of a machine: doors to the one store. */
    final class Members implements Broker {
        final List<Spec> started = new ArrayList<>();

        @Override
        public String missing() {
            return "";
        }

        @Override
        public Running start(Spec spec, Duration patience) {
            started.add(spec);
            network.serve(spec.host(), store);
            return new Door(spec);
        }
    }

    private final class Door implements Broker.Running {
        private final Broker.Spec spec;
        private boolean stopped;

        Door(Broker.Spec spec) {
            this.spec = spec;
        }

        @Override
        public java.net.URI url() {
            return java.net.URI.create("tls://" + spec.host() + ":" + spec.port());
        }

        @Override
        public long pid() {
            return spec.port();
        }

        @Override
        public boolean alive() {
            return !stopped;
        }

        @Override
        public void admit(Broker.Account account) {
            // all are let in
        }

        @Override
        public void reload(Broker.Spec changed, Duration patience) {
            // words on paper need no reading
        }

        @Override
        public void stop(Duration grace) {
            if (!stopped) {
                stopped = true;
                network.remove(spec.host());
            }
        }
    }

    void startAll() {
        places.values().forEach(Place::start);
    }

    List<Place> carrying() {
        return places.values().stream().filter(Place::carrying).toList();
    }

    Place carrier() {
        until("one that carries", () -> carrying().size() == 1);
        return carrying().getFirst();
    }

    int other(int member) {
        return member % 3 + 1;
    }

    int member(Place place) {
        return place.member;
    }

    /** Hands a batch over the broker of that place. */
    void handAt(int member, List<Delivery> batch) {
        tasks.run(() -> {
            try (Link link = at(member)) {
                link.sink().append(batch, 0);
            }
        });
    }

    Link at(int member) throws InterruptedException {
        return SimTransport.nats(network, "node-" + NODE)
                .connect(endpoint("tls://" + host(member) + ":9222", NODE, new TrustPolicy(List.of(SITE_PIN), 0)));
    }
}

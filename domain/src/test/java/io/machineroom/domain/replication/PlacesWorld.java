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
import io.machineroom.ports.security.KeyRole;
import io.machineroom.ports.security.TrustPolicy;
import io.machineroom.ports.sim.SimBroker;
import io.machineroom.ports.sim.SimDisk;
import io.machineroom.ports.sim.SimFiles;
import io.machineroom.ports.sim.SimJson;
import io.machineroom.ports.sim.SimMeter;
import io.machineroom.ports.sim.SimStreams;
import io.machineroom.ports.sim.SimTransport;
import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.transport.Endpoint;
import io.machineroom.ports.transport.Link;
import java.net.URI;
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
        final FaultyMeter meter = new FaultyMeter(gauges);
        final Noting brokers;
        private Supervisor supervisor;
        private Site site;

        Place(int member) {
            this.member = member;
            this.own = new SimFiles(new SimDisk(tasks.time(), member), Path.of("/site" + member));
            this.paper = new PaperCertificates(own, tasks.time());
            this.brokers = new Noting(member);
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
                    new SiteRuntime.Machine(tasks, tasks.time(), tasks.entropy(), meter));
            supervisor = new Supervisor(SupervisorSettings.defaults(), tasks, tasks.time(), tasks.entropy(), gauges);
            supervisor.start(Service.of("link", links::run));
            site.services().forEach(supervisor::start);
        }

        /** In good order. */
        void stop() {
            tasks.run(() -> supervisor.stop(Duration.ofSeconds(30)));
            site = null;
        }

        /** Its leader ends in good order, and its broker is left running as after a crash of the leader alone. */
        void stopWork() {
            Broker.Spec spec = brokers.started.getLast();
            stop();
            tasks.run(() -> brokers.real.start(spec, Duration.ofSeconds(5)));
        }

        /** The machine is off: nothing is given back, and its broker is gone. */
        void die() {
            isolate();
            brokers.real.kill(directory());
            // what still runs is beyond everybody's reach, and cannot start a broker again that anybody sees
            site = null;
        }

        /** No line leads to this machine any more; within it all goes on. */
        void isolate() {
            for (int other : List.of(1, 2, 3)) {
                if (other != member) {
                    network.cut(host(member), host(other));
                }
            }
            network.cut(host(member), "saas");
        }

        /** What its broker stored is lost, and it starts anew. */
        void loseStore() {
            brokers.real.lose(directory());
        }

        SimStreams store() {
            return brokers.real.store(directory());
        }

        Path directory() {
            return Path.of("/site" + member + "/nats");
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

    /** The broker of a machine, which notes what it was told. */
    final class Noting implements Broker {
        final SimBroker real;
        final List<Spec> started = new ArrayList<>();

        Noting(int member) {
            this.real = new SimBroker(network, host(member));
        }

        @Override
        public String missing() {
            return real.missing();
        }

        @Override
        public Running start(Spec spec, Duration patience) {
            started.add(spec);
            return real.start(spec, patience);
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

    /** One that carries, and has had the time to make what the site keeps. */
    Place atWork() {
        Place first = carrier();
        tasks.advance(Duration.ofSeconds(2));
        return first;
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

    /** As who may do all at the site. */
    Link lordAt(int member) throws InterruptedException {
        return SimTransport.nats(network, "owner")
                .connect(new Endpoint(
                        List.of(URI.create("tls://" + host(member) + ":9222")),
                        new TrustPolicy(List.of(SITE_PIN), 0),
                        new Endpoint.Credentials.NatsUser(
                                Secret.of("jwt"), new KeyRole("owner", KeyRole.Form.NKEY_USER)),
                        "owner",
                        Duration.ofSeconds(5)));
    }

    Link at(int member) throws InterruptedException {
        return SimTransport.nats(network, "node-" + NODE)
                .connect(endpoint("tls://" + host(member) + ":9222", NODE, new TrustPolicy(List.of(SITE_PIN), 0)));
    }
}

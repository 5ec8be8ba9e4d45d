package io.machineroom.app.wiring;

import io.machineroom.app.config.AgentOptions;
import io.machineroom.app.config.Config;
import io.machineroom.app.host.PrometheusTextFiles;
import io.machineroom.app.host.SocketLineSender;
import io.machineroom.domain.agent.MachineService;
import io.machineroom.domain.agent.NodeContext;
import io.machineroom.domain.deployment.SiteArtifacts;
import io.machineroom.domain.machine.FactsChore;
import io.machineroom.domain.machine.HostPorts;
import io.machineroom.domain.machine.MachineHost;
import io.machineroom.domain.orchestration.ElectionDesk;
import io.machineroom.domain.orchestration.Governor;
import io.machineroom.domain.orchestration.NodeElections;
import io.machineroom.domain.watcher.CheckFiles;
import io.machineroom.domain.watcher.CoreMessages;
import io.machineroom.domain.watcher.WatcherCatalog;
import io.machineroom.ports.artifact.ArtifactStore;
import io.machineroom.ports.host.ControlSocket;
import io.machineroom.ports.host.FileTree;
import io.machineroom.ports.host.LineSender;
import io.machineroom.ports.host.MetricFiles;
import io.machineroom.ports.kv.Elections;
import io.machineroom.ports.transport.Endpoint;
import java.util.List;
import java.util.Map;

/** Makes the machine host of an enrolled node. */
final class MachineAssembly {
    private final AgentOptions options;
    private final MachineParts parts;
    private final RealWorld world;
    private final Books books;
    private final Places places;
    private final GatewayHolder gateway;

    MachineAssembly(
            AgentOptions options,
            MachineParts parts,
            RealWorld world,
            Books books,
            Places places,
            GatewayHolder gateway) {
        this.options = options;
        this.parts = parts;
        this.world = world;
        this.books = books;
        this.places = places;
        this.gateway = gateway;
    }

    MachineService make(NodeContext context, Config config) {
        gateway.set(context.gateway());
        MachineHost host = new MachineHost(
                SettingsOf.machines(options, context.enrolment(), config),
                ports(context, config),
                context.events(),
                context.out(),
                WatcherCatalog.builtInAnd(options.watchers()));
        return new Hosted(host);
    }

    private HostPorts ports(NodeContext context, Config config) {
        FileTree storage = places.storage();
        return new HostPorts(
                world.tasks(),
                world.time(),
                world.entropy(),
                books.json(),
                parts.yaml(),
                books.signatures(),
                artifacts(context, config),
                parts.archives(),
                parts.processes(),
                parts.files(),
                places.machines(),
                parts.trees().apply(storage.path("machines")),
                parts.trees()::apply,
                context.facts(),
                context.buckets(),
                extras(context, config));
    }

    private ArtifactStore artifacts(NodeContext context, Config config) {
        return SiteArtifacts.of(
                parts.artifacts(),
                SettingsOf.sourceGateways(config),
                context.gateway().map(Endpoint::urls).orElse(List.of()));
    }

    /** What kinds of watchers need beyond the ordinary: checks their files, metrics their ways out, gossip the link. */
    private Map<Class<?>, Object> extras(NodeContext context, Config config) {
        return Map.of(
                CheckFiles.class,
                SettingsOf.checkFiles(config),
                MetricFiles.class,
                new PrometheusTextFiles(SettingsOf.textfiles(config).orElse(null), parts.files()),
                LineSender.class,
                new SocketLineSender(),
                CoreMessages.class,
                context.messages(),
                Governor.class,
                new Governor(
                        context.slots(),
                        new Governor.Means(world.tasks(), world.time(), world.entropy(), world.meter())),
                Elections.class,
                elections(context),
                FactsChore.class,
                new FactsChore(
                        options.version(),
                        context.settings().intervals().facts(),
                        context.settings().paths().configFile(),
                        context.refreshFacts()));
    }

    private Elections elections(NodeContext context) {
        return new NodeElections(
                context.buckets(),
                new ElectionDesk.Means(
                        world.tasks(),
                        world.time(),
                        world.entropy(),
                        world.meter(),
                        context.enrolment().identity()));
    }

    /** The machine host as a service of the agent. */
    private record Hosted(MachineHost host) implements MachineService {
        @Override
        public String name() {
            return "machines";
        }

        @Override
        public void run() throws InterruptedException {
            host.run();
        }

        @Override
        public List<MachineSummary> machines() {
            return host.machines().stream()
                    .map(m -> new MachineSummary(
                            m.name(),
                            m.version(),
                            m.state(),
                            m.directory().toString(),
                            m.loadError(),
                            m.manifestName()))
                    .toList();
        }

        @Override
        public ControlSocket.Handler desk() {
            return host.desk();
        }

        @Override
        public long listSerial() {
            return host.listSerial();
        }
    }
}

package io.machineroom.app.wiring;

import io.machineroom.app.config.AgentOptions;
import io.machineroom.app.config.Config;
import io.machineroom.app.config.ConfigSource;
import io.machineroom.domain.agent.AgentParts;
import io.machineroom.domain.agent.AgentSettings;
import io.machineroom.domain.agent.MachineService;
import io.machineroom.domain.agent.NodeContext;
import io.machineroom.domain.agent.RegisteredFile;
import io.machineroom.domain.replication.SiteMeans;
import io.machineroom.domain.spooling.submission.SubmissionPlace;
import io.machineroom.ports.data.Problem;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.event.EventFormat;
import io.machineroom.ports.spool.Spool;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes what depends on settings that only an enrolment completes. */
public final class AgentAssembly implements AgentParts {
    private final AgentOptions options;
    private final ConfigSource source;
    private final Backends backends;
    private final MachineAssembly machines;
    private final RealWorld world;

    AgentAssembly(
            AgentOptions options, ConfigSource source, Backends backends, MachineAssembly machines, RealWorld world) {
        this.options = options;
        this.source = source;
        this.backends = backends;
        this.machines = machines;
        this.world = world;
    }

    @Override
    public AgentSettings settings(Map<String, String> provisioned) {
        return SettingsOf.agent(options, source.with(provisioned));
    }

    @Override
    public List<Problem> check(Map<String, String> provisioned) {
        return source.check(provisioned);
    }

    @Override
    public Spool openSpool(Map<String, String> provisioned) {
        Config config = source.with(provisioned);
        return backends.spools()
                .choose(config.text("spool.provider"))
                .open(SettingsOf.spool(config), world.time(), world.entropy());
    }

    @Override
    public EventFormat format(Map<String, String> provisioned) {
        String wanted = "application/cloudevents+" + source.with(provisioned).choice("event.encoding");
        return backends.formats().stream()
                .filter(f -> f.contentType().equals(wanted))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no format " + wanted));
    }

    @Override
    public MachineService machines(NodeContext context) {
        return machines.make(context, source.with(context.enrolment().configuration()));
    }

    @Override
    public Optional<SiteMeans> site(Map<String, String> provisioned) {
        Config config = source.with(provisioned);
        return backends.site()
                .map(site -> site.means(SettingsOf.site(config), config.bytes("site.artifacts.max_bytes")));
    }

    @Override
    public Optional<SubmissionPlace> submissions(Map<String, String> provisioned) {
        return Optional.of(SettingsOf.submissions(source.with(provisioned), backends.trees()));
    }

    @Override
    public Optional<RegisteredFile.Place> registrationFile(Map<String, String> provisioned) {
        return SettingsOf.registrationFile(source.with(provisioned), backends.trees());
    }

    @Override
    public void ready(NodeContext context) {
        options.onReady().accept(new Ready(context));
    }

    @Override
    public byte[] metricsText() {
        return world.metrics().text().getBytes(StandardCharsets.UTF_8);
    }

    private record Ready(NodeContext context) implements AgentOptions.ReadyAgent {
        private static final System.Logger LOG = System.getLogger("agent");

        @Override
        public String identity() {
            return context.enrolment().identity();
        }

        @Override
        public void log(String line) {
            LOG.log(System.Logger.Level.INFO, line);
        }

        @Override
        public void publish(String kind, Value.Obj data) {
            context.out().accept(context.events().product(kind, data));
        }
    }
}

package io.machineroom.domain.agent;

import io.machineroom.domain.provisioning.NodeIdentity;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.security.KeyRole;
import java.util.Map;

/** The facts once, without a running agent: for the {@code facts} command. */
public final class FactsGathering {
    private final AgentPorts ports;
    private final AgentProfile profile;
    private final AgentParts parts;

    public FactsGathering(AgentPorts ports, AgentProfile profile, AgentParts parts) {
        this.ports = ports;
        this.profile = profile;
        this.parts = parts;
    }

    /** The whole document; may take seconds. */
    public Value.Obj gather() {
        AgentSettings settings = parts.settings(Map.of());
        FactsDocument document =
                new FactsDocument(profile, settings, ports, ports.time().wall());
        Value.Obj anonymous = document.gather("");
        String identity = ports.keyring()
                .publicKey(KeyRole.IDENTITY)
                .map(key -> NodeIdentity.choose(settings.enrolment().identity(), anonymous, key))
                .orElse(settings.enrolment().identity().orElse(""));
        Value.Obj block = anonymous.obj("machine_room").orElse(Value.obj());
        Value.Obj options = block.obj("options").orElse(Value.obj()).with("identity", Value.text(identity));
        return anonymous.with(
                "machine_room", block.with("identity", Value.text(identity)).with("options", options));
    }

    /** As {@link #gather}, and writes the facts file. */
    public Value.Obj refresh() {
        Value.Obj facts = gather();
        ports.hostFiles()
                .replace(
                        parts.settings(Map.of()).paths().factsFile(),
                        ports.json().pretty(facts),
                        0600,
                        "",
                        "");
        return facts;
    }
}

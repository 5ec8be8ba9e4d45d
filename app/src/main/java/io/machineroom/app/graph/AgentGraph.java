package io.machineroom.app.graph;

import io.machineroom.domain.agent.AgentLifecycle;
import io.machineroom.domain.agent.FactoryReset;
import io.machineroom.domain.agent.FactsGathering;
import io.machineroom.domain.authoring.AuthorTools;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.gateway.LocalEndpoint;
import io.machineroom.ports.host.ControlSocket;

/** What the commands of an agent take from its wiring; any component of a vendor's exposes the same. */
public interface AgentGraph {
    AgentLifecycle lifecycle();

    FactsGathering facts();

    FactoryReset reset();

    ControlSocket control();

    LocalEndpoint localEndpoint();

    Metrics metrics();

    JsonFormat json();

    LogControl log();

    Rehearsal rehearsal();

    SpoolFiles spoolFiles();

    SubmissionFiles submissionFiles();

    AuthorTools authorTools();

    Replication replication();
}

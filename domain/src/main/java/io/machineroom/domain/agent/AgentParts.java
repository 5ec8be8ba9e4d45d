package io.machineroom.domain.agent;

import io.machineroom.domain.replication.SiteMeans;
import io.machineroom.domain.spooling.submission.SubmissionPlace;
import io.machineroom.ports.data.Problem;
import io.machineroom.ports.event.EventFormat;
import io.machineroom.ports.spool.Spool;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What depends on settings that only an enrolment completes; made by the wiring. */
public interface AgentParts {
    /**
     * Settings with the enrolment's part laid under the operator's; empty before an enrolment.
     *
     * @throws io.machineroom.ports.PortException.Refused {@code config.invalid} with every problem
     */
    AgentSettings settings(Map<String, String> provisioned);

    /** What is wrong with settings that a backplane sends; empty when they can be used. */
    List<Problem> check(Map<String, String> provisioned);

    /** Opens the spool; throws as {@link io.machineroom.ports.spool.SpoolProvider#open}. */
    Spool openSpool(Map<String, String> provisioned);

    /** The encoding of events. */
    EventFormat format(Map<String, String> provisioned);

    /** The machines of this node; called once for each start of the provisioned mode. */
    MachineService machines(NodeContext context);

    /**
     * What the leader of a site runs with; empty in a build that cannot lead.
     *
     * @throws io.machineroom.ports.PortException.Refused {@code config.invalid}
     */
    default Optional<SiteMeans> site(Map<String, String> provisioned) {
        return Optional.empty();
    }

    /** Where other programs of the node submit; empty in a build without. */
    default Optional<SubmissionPlace> submissions(Map<String, String> provisioned) {
        return Optional.empty();
    }

    /** A file of the operator's that goes out beside the inventory; empty when none is set. */
    default Optional<RegisteredFile.Place> registrationFile(Map<String, String> provisioned) {
        return Optional.empty();
    }

    /** Called once all services of the provisioned mode are started; must not block. */
    void ready(NodeContext context);

    /** The metrics as Prometheus text; empty when there are none to write. */
    byte[] metricsText();
}

package io.machineroom.domain.agent;

import io.machineroom.domain.spooling.SharedSpool;
import io.machineroom.domain.spooling.submission.SubmissionDirectory;
import io.machineroom.domain.spooling.submission.SubmissionPlace;
import io.machineroom.domain.spooling.submission.SubmissionPorts;
import io.machineroom.domain.spooling.submission.Submissions;
import java.util.Optional;

/** How an enrolled node takes what other programs submit. */
final class Submitting {
    private Submitting() {}

    static Optional<Submissions> of(AgentParts parts, SharedSpool spool, AgentPorts ports, NodeContext context) {
        return parts.submissions(context.enrolment().configuration()).map(place -> of(place, spool, ports, context));
    }

    private static Submissions of(SubmissionPlace place, SharedSpool spool, AgentPorts ports, NodeContext context) {
        return new Submissions(
                spool,
                new SubmissionDirectory(place.files(), ports.json(), place.settings()),
                place.settings(),
                new SubmissionPorts(
                        ports.tasks(),
                        ports.time(),
                        ports.entropy(),
                        ports.meter(),
                        ports.json(),
                        ports.keyring(),
                        ports.signatures()),
                new Submissions.Node(context.enrolment().identity(), context.events(), context.out()));
    }
}

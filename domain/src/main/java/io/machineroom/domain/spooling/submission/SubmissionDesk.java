package io.machineroom.domain.spooling.submission;

import io.machineroom.domain.spooling.SharedSpool;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.host.ControlSocket;
import io.machineroom.ports.spool.Spool;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Message;
import java.util.List;
import java.util.function.Consumer;

/** Takes messages straight into the spool of a running agent: durable before it answers. Safe from any task. */
public final class SubmissionDesk implements ControlSocket.Handler {
    private final SharedSpool shared;
    private final String identity;
    private final SubmissionSettings settings;
    private final SubmissionPorts ports;
    private final SubmissionEnvelope envelope;
    private final Consumer<Message> taken;

    SubmissionDesk(
            SharedSpool shared,
            String identity,
            SubmissionSettings settings,
            SubmissionPorts ports,
            Consumer<Message> taken) {
        this.shared = shared;
        this.identity = identity;
        this.settings = settings;
        this.ports = ports;
        this.envelope = new SubmissionEnvelope(ports.keyring(), ports.signatures());
        this.taken = taken;
    }

    /**
     * Takes the message in the field {@code message}; answers its id, lane and number.
     *
     * @throws PortException.Refused {@code submission.invalid}; {@code spool.closed}, {@code spool.full}
     */
    @Override
    public void handle(Value.Obj request, Consumer<Value.Obj> answers) throws InterruptedException {
        Value file = request.get("message").orElse(Value.nil());
        Submission message = SubmissionFormat.read(file, ports.entropy().uuid()).at(identity);
        SubmissionRules.check(message, settings, ports.time().wall());
        Spool spool = shared.current()
                .orElseThrow(() -> new PortException.Refused("spool.closed", "the agent has no spool open"));
        Lane lane = Submission.lane(message.priority());
        Message out = envelope.message(message, Submission.PREFIX);
        ports.meter().count("mr_events_created_total", 1);
        Spool.Appended given = spool.append(lane, List.of(out)).getFirst();
        if (!given.kept()) {
            throw new PortException.Refused("spool.full", "lane " + lane.wireName() + " drops what is new: it is full");
        }
        taken.accept(out);
        answers.accept(Value.obj("id", Value.text(message.id()), "lane", Value.text(lane.wireName()))
                .with("number", Value.num(given.from())));
    }
}

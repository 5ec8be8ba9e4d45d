package io.machineroom.domain.spooling.submission;

import io.machineroom.domain.spooling.SharedSpool;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.host.ControlSocket;
import java.util.function.Consumer;

/** Takes messages straight into the spool of a running agent: durable before it answers. Safe from any task. */
public final class SubmissionDesk implements ControlSocket.Handler {
    private final SharedSpool shared;
    private final String identity;
    private final SubmissionPorts ports;
    private final SubmissionCommands commands;

    SubmissionDesk(SharedSpool shared, String identity, SubmissionPorts ports, SubmissionCommands commands) {
        this.shared = shared;
        this.identity = identity;
        this.ports = ports;
        this.commands = commands;
    }

    /**
     * Takes the message in the field {@code message}; answers its id, lane and number. A message that the spool has already is
     * answered as it was the first time.
     *
     * @throws PortException.Refused {@code submission.invalid}; {@code submission.id-taken} when the spool has another message of
     *     its id; {@code spool.closed}, {@code spool.full}
     * @throws PortException.Unavailable {@code spool.disk}; {@code spool.busy} without an answer within
     *     {@link SubmissionCommands#PATIENCE}: it may be taken yet, and asking again with the same message is no harm
     */
    @Override
    public void handle(Value.Obj request, Consumer<Value.Obj> answers) throws InterruptedException {
        Value file = request.get("message").orElse(Value.nil());
        Submission message = SubmissionFormat.read(file, ports.entropy().uuid()).at(identity);
        if (shared.current().isEmpty()) {
            throw SubmissionCommands.closed();
        }
        TakenMessages.Place place = commands.ask(message);
        answers.accept(Value.obj(
                        "id",
                        Value.text(message.id()),
                        "lane",
                        Value.text(place.lane().wireName()))
                .with("number", Value.num(place.number())));
    }
}

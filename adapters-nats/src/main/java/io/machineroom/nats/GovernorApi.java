package io.machineroom.nats;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.data.Value;
import io.nats.client.impl.NatsMessage;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/** One question to the JetStream API about a governor's stream, and its answer. Safe from any task. */
final class GovernorApi {
    /** Code of the server: the stream holds as much as it may. */
    static final int FULL = 10077;

    private static final int NO_MESSAGE = 10037;
    private static final int DELETE_FAILED = 10057;
    private static final int MAX_ANSWER = 1 << 20;
    /** For one answer. */
    static final Duration PATIENCE = Duration.ofSeconds(5);

    private final NatsRequests requests;
    private final JsonFormat json;

    GovernorApi(NatsRequests requests, JsonFormat json) {
        this.requests = requests;
        this.json = json;
    }

    /**
     * What the server said.
     *
     * @param code the server's own number of the fault; 0 for none
     * @param status as of HTTP
     */
    record Answer(Value.Obj document, int code, int status, String reason) {
        boolean failed() {
            return code != 0;
        }

        boolean saysNoMessage() {
            return code == NO_MESSAGE;
        }

        /** A slot that nobody holds cannot be deleted; other reasons have the same code. */
        boolean saysGone() {
            return saysNoMessage()
                    || code == DELETE_FAILED
                            && (reason.contains("not found")
                                    || reason.contains("no message")
                                    || reason.endsWith("EOF"));
        }

        Value.Obj orFault(String governor) {
            if (failed()) {
                throw fault(governor);
            }
            return document;
        }

        PortException fault(String governor) {
            return code == NatsFaults.NO_STREAM
                    ? unknown(governor)
                    : new PortException.Unavailable(
                            "governor.unreachable", "governor '" + governor + "' says " + reason + " (" + code + ")");
        }
    }

    Answer call(String what, Value.Obj question) throws InterruptedException {
        String subject = "$JS.API." + what;
        try {
            byte[] said = requests.ask(new NatsMessage(subject, null, json.write(question)), PATIENCE)
                    .getData();
            if (!(json.read(said, MAX_ANSWER) instanceof Value.Obj document)) {
                throw new IOException("the server answers without an object");
            }
            Value.Obj error = document.obj("error").orElse(Value.obj());
            long code = error.whole("err_code").orElse(document.obj("error").isPresent() ? -1L : 0L);
            return new Answer(
                    document,
                    (int) code,
                    error.whole("code").orElse(0L).intValue(),
                    error.text("description").orElse(""));
        } catch (NatsRequests.DeniedException e) {
            throw denied("use " + what, e);
        } catch (PortException.Refused | IOException | TimeoutException e) {
            throw unreachable(what, e);
        }
    }

    static PortException.Refused unknown(String governor) {
        return new PortException.Refused(
                "governor.unknown",
                "there is no governor '" + governor
                        + "' here: let whoever owns the broker make it with 'governor add'");
    }

    static PortException.Refused denied(String what, Exception fault) {
        return new PortException.Refused("governor.denied", "this NATS user may not " + what, fault);
    }

    static PortException.Unavailable unreachable(String what, Exception fault) {
        return new PortException.Unavailable(
                "governor.unreachable", "'" + what + "' gives no clear answer: " + fault, fault);
    }
}

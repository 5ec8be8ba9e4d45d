package io.machineroom.domain.authoring;

import io.machineroom.ports.data.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What came of a rehearsal.
 *
 * @param moves every transition, in order
 * @param failures what was not as expected; empty for a good rehearsal
 * @param unrehearsed what did less than in life, one sentence each
 * @param length virtual time that passed
 */
public record TestReport(List<Move> moves, List<String> failures, List<String> unrehearsed, Duration length) {
    public TestReport {
        moves = List.copyOf(moves);
        failures = List.copyOf(failures);
        unrehearsed = List.copyOf(unrehearsed);
    }

    /** A transition at a time since the beginning. */
    public record Move(Duration at, String machine, String event, String from, String to) {
        /** As a JSON object with the keys {@code at machine transition from_state to_state}, the time in seconds. */
        public Value.Obj document() {
            return Value.obj("at", Value.num(at.toMillis() / 1000.0), "machine", Value.text(machine))
                    .with("transition", Value.text(event))
                    .with("from_state", Value.text(from))
                    .with("to_state", Value.text(to));
        }
    }

    /** As a JSON object with the keys {@code passed seconds transitions failures unrehearsed}. */
    public Value.Obj document() {
        List<Value> all = new ArrayList<>();
        moves.forEach(move -> all.add(move.document()));
        return Value.obj("passed", Value.bool(failures.isEmpty()), "seconds", Value.num(length.toSeconds()))
                .with("transitions", new Value.Arr(all))
                .with("failures", Value.texts(failures))
                .with("unrehearsed", Value.texts(unrehearsed));
    }
}

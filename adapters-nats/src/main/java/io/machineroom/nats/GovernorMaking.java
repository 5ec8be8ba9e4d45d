package io.machineroom.nats;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.kv.Slots;
import io.machineroom.ports.kv.Slots.Rules;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * Makes a governor, or changes the one that is there. JetStream has no update that depends on what a stream holds: before
 * anything is made smaller the stream is closed to everybody, what is held is counted then, and the new rules open it again.
 * Slots can be given back meanwhile; who asks for one is answered as by a server that is busy, and asks again. A process that is
 * killed in between leaves it closed, never too small: whoever owns the broker opens it when it stays closed for longer than any
 * change takes, and so does the next {@code ensure}. One task, used once.
 */
final class GovernorMaking {
    /** How long nothing may have come; a server needs far less from check to store, also on a busy machine. */
    private static final Duration SETTLING = Duration.ofMillis(250);

    /** After which the new rules are not written any more: the answer to that may take the rest of the longest change. */
    private static final Duration LATEST = Slots.LONGEST_CHANGE.minus(GovernorApi.PATIENCE);

    private final GovernorApi api;
    private final Rules rules;
    private final String stream;
    private final String subject;
    private final String change = UUID.randomUUID().toString();

    GovernorMaking(GovernorApi api, Rules rules, String stream, String subject) {
        this.api = api;
        this.rules = rules;
        this.stream = stream;
        this.subject = subject;
    }

    void make() throws InterruptedException {
        GovernorApi.Answer there = look();
        if (there.code() == NatsFaults.NO_STREAM) {
            write("STREAM.CREATE.", wanted(fresh()));
            return;
        }
        Value.Obj before = GovernorDoor.open(config(there.orFault(rules.name())));
        // what cannot be is refused before anybody is kept waiting
        requireRoom(there);
        if (!isSmaller(before)) {
            write("STREAM.UPDATE.", wanted(before));
            return;
        }
        long since = System.nanoTime();
        Value.Obj next = before;
        try {
            write("STREAM.UPDATE.", GovernorDoor.close(before, change));
            GovernorApi.Answer settled = settled();
            requireRoom(settled);
            requireOurs(settled, since);
            next = wanted(before);
        } finally {
            write("STREAM.UPDATE.", next);
        }
    }

    /** Somebody who opened it may have let others in since they were counted. */
    private void requireOurs(GovernorApi.Answer settled, long since) {
        boolean late = System.nanoTime() - since > LATEST.toNanos();
        if (late || !GovernorDoor.change(config(settled.document())).equals(change)) {
            throw new PortException.Unavailable(
                    "governor.unreachable",
                    "the change of governor '" + rules.name()
                            + "' took too long or met another one: nothing is changed");
        }
    }

    private GovernorApi.Answer look() throws InterruptedException {
        return api.call("STREAM.INFO." + stream, Value.obj());
    }

    /**
     * What is held once nothing more comes. A server checks a message and lets go of the stream before it stores it: one that
     * passed while the stream was open may be stored after it was closed.
     */
    private GovernorApi.Answer settled() throws InterruptedException {
        GovernorApi.Answer before = look();
        while (true) {
            TimeUnit.NANOSECONDS.sleep(SETTLING.toNanos());
            GovernorApi.Answer now = look();
            if (last(now) == last(before)) {
                return now;
            }
            before = now;
        }
    }

    private long last(GovernorApi.Answer info) {
        return info.orFault(rules.name())
                .obj("state")
                .flatMap(state -> state.whole("last_seq"))
                .orElse(0L);
    }

    private void requireRoom(GovernorApi.Answer there) {
        long held = there.orFault(rules.name())
                .obj("state")
                .flatMap(state -> state.whole("messages"))
                .orElse(0L);
        if (held > rules.slots()) {
            // a server before 2.10 removes the oldest to get to the smaller number, and who holds them is not told
            throw new PortException.Refused(
                    "governor.held",
                    held + " slots of governor '" + rules.name() + "' are held: wait until there are no more than "
                            + rules.slots() + ", or reset it");
        }
        if (held > 0 && isShorter(lifetime(config(there.document())))) {
            // who holds a slot was told how long it lives, and does not ask again
            throw new PortException.Refused(
                    "governor.held",
                    held + " slots of governor '" + rules.name()
                            + "' are held: slots live shorter only while nobody holds one; wait, or reset it");
        }
    }

    private boolean isSmaller(Value.Obj before) {
        long slots = before.whole("max_msgs").orElse(-1L);
        return slots < 0 || rules.slots() < slots || isShorter(lifetime(before));
    }

    /** Zero is for ever. */
    private boolean isShorter(Duration before) {
        Duration wanted = rules.lifetime();
        return !wanted.isZero() && (before.isZero() || wanted.compareTo(before) < 0);
    }

    private static Duration lifetime(Value.Obj config) {
        return Duration.ofNanos(config.whole("max_age").orElse(0L));
    }

    private static Value.Obj config(Value.Obj info) {
        return info.obj("config").orElse(Value.obj());
    }

    private Value.Obj wanted(Value.Obj before) {
        return before.with("subjects", Value.texts(List.of(subject)))
                .with("max_msgs", Value.num(rules.slots()))
                .with("max_age", Value.num(rules.lifetime().toNanos()))
                .with("discard", Value.text("new"))
                .with("num_replicas", Value.num(rules.replicas()))
                .with("duplicate_window", Value.num(0));
    }

    private Value.Obj fresh() {
        Value.Obj none = Value.obj("name", Value.text(stream), "retention", Value.text("limits"))
                .with("description", Value.text("Concurrency Governor " + rules.name()))
                .with("storage", Value.text("file"));
        for (String limit : List.of("max_bytes", "max_msg_size", "max_msgs_per_subject", "max_consumers")) {
            none = none.with(limit, Value.num(-1));
        }
        return none;
    }

    private void write(String call, Value.Obj wanted) throws InterruptedException {
        GovernorApi.Answer made = api.call(call + stream, wanted);
        if (made.failed() && (made.status() == 400 || made.status() == 500)) {
            throw new PortException.Refused(
                    "governor.rules", "governor '" + rules.name() + "' cannot be so: " + made.reason());
        }
        made.orFault(rules.name());
    }
}

package io.machineroom.domain.orchestration;

import io.machineroom.domain.orchestration.Turn.Kind;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.kv.Slots;
import io.machineroom.ports.kv.Slots.Rules;
import io.machineroom.ports.kv.Slots.Slot;
import io.machineroom.ports.kv.Slots.Standing;
import io.machineroom.ports.runtime.Tasks;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Answers requests about governors: {@code list}, {@code view}, {@code add}, {@code evict}, {@code reset}, {@code delete}
 * and {@code hold}. Who asks for {@code hold} holds a slot as long as it listens. Safe from any task.
 */
public final class GovernorDesk {
    /** Component of what people ask for. */
    public static final String PEOPLE = "CLI";

    /** Field for the milliseconds that whoever holds a slot may take to stop when it is lost. */
    public static final String GRACE = "grace_millis";

    private static final System.Logger LOG = System.getLogger(GovernorDesk.class.getName());
    private static final Duration LEAST_GRACE = Duration.ofSeconds(1);
    private static final Duration MOST_GRACE = Duration.ofSeconds(3);
    private static final Duration LONG = Duration.ofHours(1);
    private static final long MOST_SECONDS = Duration.ofDays(365).toSeconds();

    private final Supplier<Slots> slots;
    private final Teller teller;
    private final String remedy;
    private final String identity;
    private final int replicas;
    private final Hold hold;

    /** Tells what happened to a slot, in the name of who held it. */
    public interface Teller {
        void tell(Turn turn, String holder);
    }

    /** Works in a slot; as {@link Governors#within}. */
    private interface Hold {
        void within(Wish wish, Runnable entered) throws InterruptedException;
    }

    /**
     * The desk of an agent.
     *
     * @param slots over the link that is up now; throws {@code PortException} while there is none
     * @param remedy who is to do what this node may not
     */
    public GovernorDesk(Supplier<Slots> slots, Governors governors, Tasks tasks, String remedy) {
        this(slots, governors, tasks, remedy, 1);
    }

    /**
     * The desk of an agent.
     *
     * @param replicas of governors, where nobody says how many: as many as the broker has servers
     */
    public GovernorDesk(Supplier<Slots> slots, Governors governors, Tasks tasks, String remedy, int replicas) {
        this.slots = slots;
        this.replicas = replicas;
        this.remedy = remedy;
        this.teller = (turn, holder) -> governors.tell(PEOPLE, turn, holder);
        this.identity = governors.events().identity();
        this.hold = (wish, entered) -> governors.within(PEOPLE, wish, () -> {
            entered.run();
            while (true) {
                // ended by the interruption that comes when nobody listens any more
                tasks.sleep(LONG);
            }
        });
    }

    /** A desk at which nobody holds slots, for the owner of a broker. */
    public GovernorDesk(Supplier<Slots> slots, Teller teller) {
        this.slots = slots;
        this.replicas = 1;
        this.remedy = "";
        this.identity = "";
        this.teller = teller;
        this.hold = (wish, entered) -> {
            throw new PortException.Refused("governor.denied", "slots are held by nodes");
        };
    }

    /**
     * Answers one request; its field {@code action} says which.
     *
     * @throws PortException.Refused {@code control.unknown} for another action; {@code governor.rules} for numbers that
     *     cannot be; those of {@link Slots} and {@link Governor}
     */
    public void handle(Value.Obj request, Consumer<Value.Obj> answers) throws InterruptedException {
        String name = request.text("name").orElse("");
        try {
            switch (request.text("action").orElse("")) {
                case "list" -> list(answers);
                case "view" -> view(name, answers);
                case "add" -> answers.accept(add(name, request));
                case "evict" -> answers.accept(evict(name, request.whole("slot").orElse(0L)));
                case "reset" -> answers.accept(reset(name));
                case "delete" -> answers.accept(delete(name));
                case "hold" -> hold(name, request, answers);
                default ->
                    throw new PortException.Refused(
                            "control.unknown", "actions are list, view, add, evict, reset, delete and hold");
            }
        } catch (PortException.Refused e) {
            throw e.code().equals("governor.denied") && !remedy.isEmpty()
                    ? new PortException.Refused(e.code(), e.getMessage() + ": " + remedy, e)
                    : e;
        }
    }

    private void list(Consumer<Value.Obj> answers) throws InterruptedException {
        Slots now = slots.get();
        for (String name : now.names()) {
            now.look(name).ifPresent(standing -> answers.accept(standing(standing)));
        }
    }

    private void view(String name, Consumer<Value.Obj> answers) throws InterruptedException {
        Slots now = slots.get();
        Standing standing = now.look(name).orElseThrow(() -> unknown(name));
        answers.accept(standing(standing));
        for (Slot slot : now.view(name)) {
            answers.accept(Value.obj("slot", Value.num(slot.number()), "holder", Value.text(slot.holder()))
                    .with("since", Value.text(slot.since().toString())));
        }
    }

    private static Value.Obj standing(Standing standing) {
        Rules rules = standing.rules();
        Value.Obj all = Value.obj("governor", Value.text(rules.name()), "capacity", Value.num(rules.slots()))
                .with("taken", Value.num(standing.taken()))
                .with("expire", Value.num(rules.lifetime().toSeconds()))
                .with("replicas", Value.num(rules.replicas()));
        return standing.lastActive() == null
                ? all
                : all.with("last_active", Value.text(standing.lastActive().toString()));
    }

    private Value.Obj add(String name, Value.Obj request) throws InterruptedException {
        long capacity = request.whole("capacity").orElse(0L);
        long expire = request.whole("expire").orElse(0L);
        long copies = request.whole("replicas").orElse((long) replicas);
        boolean fits = capacity >= 1 && capacity <= Rules.MOST_SLOTS && copies >= 1 && copies <= 5;
        if (!fits || expire < 0 || expire > MOST_SECONDS) {
            throw new PortException.Refused(
                    "governor.rules",
                    "a governor has 1 to " + Rules.MOST_SLOTS
                            + " slots, 1 to 5 replicas, and slots that live up to a year");
        }
        Slots now = slots.get();
        now.ensure(new Rules(name, (int) capacity, Duration.ofSeconds(expire), (int) copies));
        return standing(now.look(name).orElseThrow(() -> unknown(name)));
    }

    private Value.Obj evict(String name, long slot) throws InterruptedException {
        String holder = slots.get().evict(name, slot);
        teller.tell(new Turn(Kind.EVICTION, name, slot), holder);
        return Value.obj("evicted", Value.text(holder), "slot", Value.num(slot));
    }

    private Value.Obj reset(String name) throws InterruptedException {
        slots.get().reset(name);
        return Value.obj("reset", Value.text(name));
    }

    private Value.Obj delete(String name) throws InterruptedException {
        if (!slots.get().delete(name)) {
            throw unknown(name);
        }
        return Value.obj("deleted", Value.text(name));
    }

    private static PortException.Refused unknown(String name) {
        return new PortException.Refused(
                "governor.unknown", "there is no governor '" + name + "'; governor list names those that there are");
    }

    private void hold(String name, Value.Obj request, Consumer<Value.Obj> answers) throws InterruptedException {
        Duration patience = Duration.ofMillis(bounded(request, "wait_millis", Wish.PATIENCE.toMillis(), 0));
        Duration interval = Duration.ofMillis(bounded(request, "interval_millis", 5_000, 1_000));
        boolean period = request.bool("max_per_period").orElse(false);
        Wish wish = new Wish(
                name,
                request.text("holder").filter(t -> !t.isEmpty()).orElse(identity),
                patience,
                (tries, entropy) -> interval,
                period ? Wish.Ending.EXPIRE : Wish.Ending.LEAVE);
        Value grace = Value.num(grace(name).toMillis());
        hold.within(
                wish,
                () -> answers.accept(Value.obj("entered", Value.text(name)).with(GRACE, grace)));
    }

    /** How long whoever holds a slot may take to stop when it is lost. */
    private Duration grace(String name) throws InterruptedException {
        try {
            return slots.get()
                    .look(name)
                    .map(standing -> standing.rules().lifetime().toNanos())
                    .map(nanos -> nanos == 0 ? MOST_GRACE : Duration.ofNanos(Lease.margin(nanos) * 2 / 3))
                    .orElse(LEAST_GRACE);
        } catch (PortException e) {
            // a slot is asked for next, and that tells the fault; who may not look is given the least
            LOG.log(Level.DEBUG, "nobody tells how long slots of {0} live: {1}", name, e.code());
            return LEAST_GRACE;
        }
    }

    private static long bounded(Value.Obj request, String field, long otherwise, long least) {
        return Math.clamp(request.whole(field).orElse(otherwise), least, MOST_SECONDS * 1_000);
    }
}

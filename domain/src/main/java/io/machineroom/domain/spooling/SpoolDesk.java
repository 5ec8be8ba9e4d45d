package io.machineroom.domain.spooling;

import io.machineroom.domain.flow.ParkedFile;
import io.machineroom.domain.flow.ParkedMessages;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.host.FileTree;
import io.machineroom.ports.spool.Spool;
import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Message;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Answers the operator's questions about an open spool: {@code stats ls verify export ledger requeue parked}. The same
 * for an agent that runs, over its control socket, and for one that is stopped. Any task; one request at a time each.
 */
public final class SpoolDesk {
    private static final int PROGRESS_EVERY = 100_000;
    private static final int MAX_PARKED = 4 << 20;

    private final Spool spool;
    private final FileTree storage;

    /**
     * A desk.
     *
     * @param storage the storage directory, with {@code parked} below it
     */
    public SpoolDesk(Spool spool, FileTree storage) {
        this.spool = spool;
        this.storage = storage;
    }

    /**
     * Answers one request; its field {@code action} says which.
     *
     * @throws PortException.Refused {@code control.unknown} for another action, {@code parked.*}
     */
    public void handle(Value.Obj request, Consumer<Value.Obj> answers) throws InterruptedException {
        switch (request.text("action").orElse("")) {
            case "stats" -> answers.accept(stats());
            case "ls" -> list(SpoolQuery.of(request), false, answers);
            case "export" -> list(SpoolQuery.of(request), true, answers);
            case "verify" -> answers.accept(verify(answers));
            case "ledger" -> ledger(answers);
            case "parked" -> parked(answers);
            case "requeue" -> answers.accept(requeue(request.texts("names"), answers));
            default ->
                throw new PortException.Refused(
                        "control.unknown", "actions are stats, ls, verify, export, ledger, parked and requeue");
        }
    }

    private Value.Obj stats() {
        Value.Obj lanes = Value.obj();
        for (Lane lane : Lane.values()) {
            lanes = lanes.with(lane.wireName(), numbers(spool.stats(lane)));
        }
        Spool.Stats all = spool.stats();
        return numbers(all)
                .with("torn_bytes", Value.num(all.tornBytes()))
                .with("damaged_records", Value.num(all.damagedRecords()))
                .with("epoch", Value.text(spool.epoch().wire()))
                .with("parked", Value.num(storage.list(ParkedMessages.DIRECTORY).size()))
                .with("lanes", lanes);
    }

    private static Value.Obj numbers(Spool.Stats stats) {
        return Value.obj("records", Value.num(stats.records()), "bytes", Value.num(stats.bytes()))
                .with("disk_bytes", Value.num(stats.diskBytes()))
                .with("oldest_age_seconds", Value.num(stats.oldestAgeSeconds()));
    }

    private void list(SpoolQuery query, boolean whole, Consumer<Value.Obj> answers) throws InterruptedException {
        Progress progress = new Progress(answers);
        long[] shown = {0};
        spool.walk(delivery -> {
            progress.step();
            if (query.matches(delivery)) {
                answers.accept(whole ? whole(delivery) : line(delivery));
                shown[0]++;
            }
            return shown[0] < query.limit();
        });
    }

    private static Value.Obj line(Delivery delivery) {
        Message message = delivery.message();
        Value.Obj out = Value.obj("lane", Value.text(delivery.stamp().lane().wireName()))
                .with("epoch", Value.num(delivery.stamp().epoch().ordinal()))
                .with("from", Value.num(delivery.stamp().from()))
                .with("through", Value.num(delivery.stamp().through()));
        if (delivery.stamp().isVoid()) {
            return out.with("void", Value.text(delivery.stamp().cause().orElse("")));
        }
        return out.with("subject", Value.text(message.subject().text()))
                .with("id", Value.text(message.id()))
                .with("created", Value.text(message.created().toString()))
                .with("bytes", Value.num(message.size()));
    }

    private static Value.Obj whole(Delivery delivery) {
        Value.Obj headers = Value.obj();
        for (var header : delivery.message().headers().entrySet()) {
            headers = headers.with(header.getKey(), Value.text(header.getValue()));
        }
        return delivery.stamp().isVoid()
                ? line(delivery)
                : line(delivery)
                        .with("headers", headers)
                        .with(
                                "body",
                                Value.text(Base64.getEncoder()
                                        .encodeToString(delivery.message().bytes())));
    }

    private Value.Obj verify(Consumer<Value.Obj> answers) throws InterruptedException {
        Progress progress = new Progress(answers);
        long[] counted = new long[3];
        spool.walk(delivery -> {
            progress.step();
            boolean damaged = delivery.stamp().cause().filter("damaged"::equals).isPresent();
            counted[0]++;
            counted[1] += delivery.message().size();
            counted[2] +=
                    damaged ? delivery.stamp().through() - delivery.stamp().from() + 1 : 0;
            return true;
        });
        return Value.obj("records", Value.num(counted[0]), "bytes", Value.num(counted[1]))
                .with("damaged", Value.num(counted[2]))
                .with("torn_bytes", Value.num(spool.stats().tornBytes()));
    }

    private void ledger(Consumer<Value.Obj> answers) throws InterruptedException {
        SpoolLedger ledger = new SpoolLedger();
        Progress progress = new Progress(answers);
        spool.walk(delivery -> {
            progress.step();
            ledger.count(delivery.stamp());
            return true;
        });
        ledger.rows().forEach(answers);
    }

    private void parked(Consumer<Value.Obj> answers) {
        for (String name : storage.list(ParkedMessages.DIRECTORY)) {
            ParkedFile file = read(name);
            answers.accept(Value.obj("name", Value.text(name), "code", Value.text(file.code()))
                    .with("reason", Value.text(file.reason()))
                    .with("subject", Value.text(file.message().subject().text()))
                    .with("id", Value.text(file.message().id()))
                    .with("bytes", Value.num(file.message().size())));
        }
    }

    private ParkedFile read(String name) {
        return storage.read(ParkedMessages.DIRECTORY + "/" + name, MAX_PARKED)
                .map(bytes -> ParkedFile.read(name, bytes))
                .orElseThrow(() -> new PortException.Refused("parked.absent", "no event " + name + " is parked"));
    }

    /**
     * Appends parked events anew. One whose void was not receipted yet stays: it would be there twice after a restart.
     */
    private Value.Obj requeue(List<String> wanted, Consumer<Value.Obj> answers) throws InterruptedException {
        List<String> names = wanted.isEmpty() ? storage.list(ParkedMessages.DIRECTORY) : wanted;
        Set<String> waiting = new HashSet<>();
        spool.walk(delivery -> {
            String name = ParkedFile.name(delivery.stamp());
            if (names.contains(name)) {
                waiting.add(name);
            }
            return waiting.size() < names.size();
        });
        long moved = 0;
        for (String name : names) {
            if (waiting.contains(name)) {
                answers.accept(Value.obj("kept", Value.text(name), "why", Value.text("its void has no receipt yet")));
            } else {
                Spool.Appended now = spool.append(
                                ParkedFile.lane(name), List.of(read(name).message()))
                        .getFirst();
                storage.delete(ParkedMessages.DIRECTORY + "/" + name);
                answers.accept(Value.obj("requeued", Value.text(name), "number", Value.num(now.from())));
                moved++;
            }
        }
        return Value.obj("total", Value.num(moved), "kept_total", Value.num(waiting.size()));
    }

    /** Tells how far a long walk is. */
    private static final class Progress {
        private final Consumer<Value.Obj> answers;
        private long records;

        Progress(Consumer<Value.Obj> answers) {
            this.answers = answers;
        }

        void step() {
            if (++records % PROGRESS_EVERY == 0) {
                answers.accept(Value.obj("progress", Value.num(records)));
            }
        }
    }
}

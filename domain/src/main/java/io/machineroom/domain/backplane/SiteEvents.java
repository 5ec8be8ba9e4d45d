package io.machineroom.domain.backplane;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.runtime.Meter;
import io.machineroom.ports.stream.SignedMark;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Takes in what the leader of a site brings of the nodes of that site, in groups ({@code docs/protocol.md} section 8). Each
 * group is judged by itself: a gap, a node of somebody else or a group that does not fit its entries holds up no other.
 */
final class SiteEvents {
    private final BatchReader batches;
    private final Ingest ingest;
    private final NodeRegister register;
    private final Meter meter;
    private final Predicate<Origin> isLeader;

    /**
     * Makes it.
     *
     * @param isLeader whether a node is the leader of its site now
     */
    SiteEvents(BatchReader batches, Ingest ingest, NodeRegister register, Meter meter, Predicate<Origin> isLeader) {
        this.batches = batches;
        this.ingest = ingest;
        this.register = register;
        this.meter = meter;
        this.isLeader = isLeader;
    }

    /**
     * Takes a batch in and answers when what could be stored is durable.
     *
     * @return the answer: {@code groups}, in the order of the batch
     * @throws PortException.Refused {@code site.not-leader}, {@code batch.invalid}, {@code batch.too-many}
     * @throws PortException.Unavailable {@code ingest.busy}
     */
    Value.Obj take(BatchReader.Opened batch, Origin leader) throws InterruptedException {
        if (leader.site().isEmpty() || !isLeader.test(leader)) {
            throw new PortException.Refused(
                    "site.not-leader", leader.identity() + " does not lead a site: it may bring its own events only");
        }
        List<Judged> judged = batches.groups(batch).stream()
                .map(group -> judge(group, leader))
                .toList();
        List<List<Arrived>> fit = judged.stream()
                .map(Judged::records)
                .filter(records -> !records.isEmpty())
                .toList();
        var results = ingest.submitGroups(fit).iterator();
        List<Value> answers = new ArrayList<>();
        for (Judged one : judged) {
            answers.add(one.records().isEmpty() ? refused(one.code()) : answer(one.records(), results.next()));
        }
        return Value.obj("groups", new Value.Arr(answers));
    }

    /** Either records or the code of the refusal. */
    private record Judged(List<Arrived> records, String code) {}

    private Judged judge(BatchReader.Group group, Origin leader) {
        Optional<Origin> node = register.withNkey(leader.customer(), group.node())
                .map(EnrolledNode::origin)
                .filter(origin -> origin.site().equals(leader.site()));
        try {
            return node.isEmpty() ? no("site.foreign") : new Judged(batches.records(group, node.get()), "");
        } catch (PortException.Refused unfit) {
            return no(unfit.code());
        }
    }

    private Judged no(String code) {
        meter.count("mr_backplane_arrivals_refused_total", "code", code, 1);
        return new Judged(List.of(), code);
    }

    private static Value refused(String code) {
        return Value.obj("accepted", Value.num(0), "receipts", Value.arr(), "refused", Value.text(code));
    }

    /** Only a beginning counts: behind a gap nothing is taken. */
    private static Value answer(List<Arrived> records, Ingest.Result result) {
        long accepted = result.fates().stream().takeWhile(Taken::done).count();
        SignedMark receipt = result.receipt();
        Value.Obj answer = Value.obj(
                "accepted",
                Value.num(accepted),
                "receipts",
                receipt == null ? Value.arr() : Value.arr(document(receipt)));
        return accepted < records.size() ? answer.with("expected", Value.num(result.expected())) : answer;
    }

    static Value document(SignedMark mark) {
        return Value.obj("text", Value.text(mark.text()), "signature", Value.text(mark.signature()));
    }
}

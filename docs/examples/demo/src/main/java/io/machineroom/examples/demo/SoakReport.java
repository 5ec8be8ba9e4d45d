package io.machineroom.examples.demo;

import io.machineroom.ports.data.Value;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/**
 * What a soak found.
 *
 * @param plan what was to be done
 * @param nodes how many agents
 * @param books the independent count
 * @param ledger the SaaS's count
 * @param vendor what software of the vendor reads
 * @param kills by kind
 * @param rollBacks how often the broker was put back in time
 * @param longest the longest time that a killed process was missed, by kind
 * @param drained from the last kill until all was stored and the agents had stopped
 */
record SoakReport(
        SoakPlan plan,
        int nodes,
        Books books,
        Ledger ledger,
        VendorBooks vendor,
        Map<Victim, Integer> kills,
        int rollBacks,
        Map<Victim, Duration> longest,
        Duration drained) {

    /** Nothing lost, repeated, strange or out of order, nothing dropped, and the ledger balances. */
    boolean good() {
        return books.accepted() > 0
                && books.balanced()
                && ledger.balanced()
                && ledger.dropped() == 0
                && vendor.balanced();
    }

    String text() {
        StringBuilder out = new StringBuilder(1_000).append(counted());
        for (Victim victim : Victim.values()) {
            out.append(String.format(
                    Locale.ROOT,
                    "  %-22s killed %d times, back after %.1f s at the longest%n",
                    victim.title(),
                    kills.getOrDefault(victim, 0),
                    seconds(longest.getOrDefault(victim, Duration.ZERO))));
        }
        out.append(String.format(
                Locale.ROOT,
                "  broker put back %d times by %d s; all stored and agents stopped %.1f s after the last kill%n%n",
                rollBacks,
                plan.age().toSeconds(),
                seconds(drained)));
        String word = good()
                ? "Everything held: nothing lost, nothing repeated."
                : "NOT everything held; once more with --seed " + plan.seed() + ".";
        return out.append(word).append('\n').toString();
    }

    private String counted() {
        return String.format(Locale.ROOT, """

                  seed %d, %d s, %d agents
                """, plan.seed(), plan.length().toSeconds(), nodes)
                + ledger.beside(books)
                + vendor.text().indent(2);
    }

    Value.Obj document() {
        Value.Obj killed = Value.obj();
        Value.Obj missed = Value.obj();
        for (Victim victim : Victim.values()) {
            killed = killed.with(victim.title(), Value.num(kills.getOrDefault(victim, 0)));
            missed = missed.with(
                    victim.title(),
                    Value.num(longest.getOrDefault(victim, Duration.ZERO).toMillis()));
        }
        return Value.obj("good", Value.bool(good()), "seed", Value.num(plan.seed()))
                .with("seconds", Value.num(plan.length().toSeconds()))
                .with("nodes", Value.num(nodes))
                .with("planned", Value.num(books.planned()))
                .with("accepted", Value.num(books.accepted()))
                .with("seen", Value.num(books.seen()))
                .with("lost", Value.num(books.lost()))
                .with("repeated", Value.num(books.repeated()))
                .with("disordered", Value.num(books.disordered()))
                .with("strange", Value.num(books.strange()))
                .with("ledger", counts())
                .with("vendor_streams", vendor.document())
                .with("kills", killed)
                .with("roll_backs", Value.num(rollBacks))
                .with("roll_back_seconds", Value.num(plan.age().toSeconds()))
                .with("longest_recovery_ms", missed)
                .with("drained_ms", Value.num(drained.toMillis()));
    }

    private Value.Obj counts() {
        return Value.obj("created", Value.num(ledger.created()), "stored", Value.num(ledger.stored()))
                .with("void", Value.num(ledger.voids()))
                .with("superseded", Value.num(ledger.voids() - ledger.dropped()))
                .with("waiting", Value.num(ledger.waiting()))
                .with("unknown", Value.num(ledger.unknown()))
                .with("forks", Value.num(ledger.forks()));
    }

    private static double seconds(Duration time) {
        return time.toMillis() / 1e3;
    }
}

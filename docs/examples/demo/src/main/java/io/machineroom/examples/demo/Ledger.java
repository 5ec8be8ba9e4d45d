package io.machineroom.examples.demo;

import io.machineroom.ports.data.Value;
import java.util.List;
import java.util.Locale;

/**
 * The SaaS's ledger, summed over nodes, epochs and lanes.
 *
 * @param created numbers that are known to exist
 * @param stored events stored
 * @param voids numbers declared void
 * @param dropped those of them that no later event of the same subject makes up for
 * @param waiting numbers that are known to exist and are not there
 * @param unknown numbers given up
 * @param forks events beside another of the same number
 * @param uneven rows in which created is not stored and void
 */
record Ledger(
        long created, long stored, long voids, long dropped, long waiting, long unknown, long forks, long uneven) {
    static final Ledger EMPTY = new Ledger(0, 0, 0, 0, 0, 0, 0, 0);

    static Ledger of(List<Value.Obj> rows) {
        return rows.stream().map(Ledger::of).reduce(EMPTY, Ledger::plus);
    }

    private static Ledger of(Value.Obj row) {
        long created = count(row, "created");
        long stored = count(row, "stored");
        long voids = Books.voids(row);
        return new Ledger(
                created,
                stored,
                voids,
                voids - superseded(row),
                count(row, "waiting"),
                count(row, "unknown"),
                count(row, "forks"),
                created == stored + voids ? 0 : 1);
    }

    private static long superseded(Value.Obj row) {
        return row.obj("void").flatMap(causes -> causes.whole("superseded")).orElse(0L);
    }

    private static long count(Value.Obj row, String name) {
        return row.whole(name).orElseThrow(() -> new StoryFailed("a ledger row without " + name + ": " + row));
    }

    private Ledger plus(Ledger more) {
        return new Ledger(
                created + more.created,
                stored + more.stored,
                voids + more.voids,
                dropped + more.dropped,
                waiting + more.waiting,
                unknown + more.unknown,
                forks + more.forks,
                uneven + more.uneven);
    }

    /** Each row is created = stored + void, nothing waits or is unknown, and no node was taken for two. */
    boolean balanced() {
        return uneven == 0 && waiting == 0 && unknown == 0 && forks == 0;
    }

    /** In a few lines, with the books that it is compared with. */
    String beside(Books books) {
        return String.format(
                Locale.ROOT,
                """
                  the nodes' own books   %,d events accepted of %,d planned
                  the SaaS shows         %,d of them (%,d events of every kind)
                  lost %d · repeated %d · out of order %d · never planned %d
                  ledger                 created %,d = stored %,d + void %,d (%,d superseded) + waiting %,d + unknown %,d; forks %d
                """.indent(2),
                books.accepted(),
                books.planned(),
                books.seen(),
                books.all(),
                books.lost(),
                books.repeated(),
                books.disordered(),
                books.strange(),
                created,
                stored,
                voids,
                voids - dropped,
                waiting,
                unknown,
                forks);
    }
}

package io.machineroom.examples.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.machineroom.ports.data.Value;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** What several tests do and check. */
final class Scenes {
    private Scenes() {}

    /** Deploys the demonstration's machine, which makes {@code count} events each quarter of a second. */
    static void deployTicker(Stage stage, Node node, int count) throws Exception {
        Path folder = Keepalive.write(stage.shop().directory(), node.home(), Workshop.freePort(), "1.0.0", count);
        stage.saas().release(folder, "1.0.0");
        Workshop.await(
                "keepalive runs", Stage.SOON, () -> node.machine("keepalive").equals("1.0.0"));
        Workshop.await("its service answers", Stage.SOON, node::serviceAnswers);
    }

    /** Every row of a node: created = stored + void, nothing waiting, nothing unknown. */
    static List<Value.Obj> assertLedgerBalances(Stage stage, String identity, long voidsAtMost)
            throws IOException, InterruptedException {
        List<Value.Obj> rows = stage.saas().ledger().stream()
                .filter(row -> row.text("identity").orElse("").equals(identity))
                .toList();
        assertFalse(rows.isEmpty(), "the ledger does not know " + identity);
        long voids = 0;
        for (Value.Obj row : rows) {
            long voided = Books.voids(row);
            assertEquals(row.whole("created").orElse(-1L), row.whole("stored").orElse(-1L) + voided, row::toString);
            assertEquals(0L, row.whole("waiting").orElse(-1L), row::toString);
            assertEquals(0L, row.whole("unknown").orElse(-1L), row::toString);
            voids += voided;
        }
        assertFalse(voids > voidsAtMost, () -> "more voids than expected: " + rows);
        return rows;
    }

    /** Code and reason of the last refusal of an enrolment. */
    static String rejection(Node node) throws IOException {
        Value.Obj enrolment = node.status().obj("enrolment").orElse(Value.obj());
        return enrolment.text("last_code").orElse("") + " "
                + enrolment.text("last_reason").orElse("");
    }
}

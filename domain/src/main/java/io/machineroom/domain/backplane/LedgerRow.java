package io.machineroom.domain.backplane;

import io.machineroom.ports.data.Value;
import io.machineroom.ports.stream.Lane;

/**
 * One line of the ledger.
 *
 * @param origin the node
 * @param epoch {@code lineage.ordinal.nonce}, or {@code lineage.1-ordinal} for epochs that are done
 * @param lane the lane
 * @param totals the counts
 */
public record LedgerRow(Origin origin, String epoch, Lane lane, Totals totals) {
    /**
     * As a document; {@code ordinal} is that of the epoch, the highest for epochs that are done, 0 for what is not of
     * one epoch.
     */
    public Value.Obj document() {
        Value.Obj head = Value.obj("customer", Value.text(origin.customer()), "site", Value.text(origin.site()))
                .with("identity", Value.text(origin.identity()))
                .with("node", Value.text(origin.nodeKey()))
                .with("epoch", Value.text(epoch))
                .with("ordinal", Value.num(ordinal()))
                .with("lane", Value.text(lane.wireName()));
        for (var field : totals.document().fields().entrySet()) {
            head = head.with(field.getKey(), field.getValue());
        }
        return head;
    }

    private long ordinal() {
        String[] parts = epoch.split("\\.", -1);
        String text = parts.length < 2 ? "0" : parts[1];
        return Long.parseLong(text.substring(text.indexOf('-') + 1));
    }
}

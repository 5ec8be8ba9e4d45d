package io.machineroom.domain.backplane;

import io.machineroom.ports.stream.SignedMark;

/** Gives a receipt to a node over the line it may listen on; never waits, and may fail silently: receipts come again. */
interface ReceiptSender {
    void send(Origin origin, SignedMark receipt);
}

package io.machineroom.http;

import io.machineroom.ports.data.Value;
import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.stream.SignedMark;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** Hands the receipts of answers to whoever wants them. Safe from any task. */
final class Receipts {
    private final AtomicReference<Optional<Mailbox<SignedMark>>> into = new AtomicReference<>(Optional.empty());

    void to(Mailbox<SignedMark> mailbox) {
        into.set(Optional.of(mailbox));
    }

    /** Ends it, unless somebody else has come meanwhile. */
    void end(Mailbox<SignedMark> mailbox) {
        into.updateAndGet(now -> now.filter(current -> !current.equals(mailbox)));
    }

    void deliver(List<Value> receipts) {
        receipts.forEach(item -> mark(item).ifPresent(this::deliver));
    }

    private static Optional<SignedMark> mark(Value item) {
        if (!(item instanceof Value.Obj obj)) {
            return Optional.empty();
        }
        Optional<String> text = obj.text("text").filter(t -> t.length() <= 512);
        Optional<String> signature = obj.text("signature").filter(s -> s.length() <= 128);
        return text.isPresent() && signature.isPresent()
                ? Optional.of(new SignedMark(text.get(), signature.get()))
                : Optional.empty();
    }

    /** Older receipts make room: a newer one says more. */
    private void deliver(SignedMark mark) {
        into.get().ifPresent(mailbox -> {
            for (int attempt = 0; attempt < 8 && !mailbox.offer(mark); attempt++) {
                mailbox.drain(1);
            }
        });
    }
}

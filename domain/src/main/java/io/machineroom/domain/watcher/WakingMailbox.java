package io.machineroom.domain.watcher;

import io.machineroom.ports.runtime.Mailbox;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A mailbox that keeps nothing and wakes its watcher instead: for changes whose content is read anew anyway. */
record WakingMailbox<T>(Runnable wake) implements Mailbox<T> {
    @Override
    public boolean offer(T item) {
        wake.run();
        return true;
    }

    @Override
    public T take() {
        throw new IllegalStateException("nothing is kept here");
    }

    @Override
    public Optional<T> poll(Duration wait) {
        return Optional.empty();
    }

    @Override
    public List<T> drain(int max) {
        return List.of();
    }

    @Override
    public int size() {
        return 0;
    }
}

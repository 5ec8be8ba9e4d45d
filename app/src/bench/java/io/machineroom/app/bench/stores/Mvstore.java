package io.machineroom.app.bench.stores;

import java.nio.file.Path;
import java.util.List;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.type.ByteArrayDataType;
import org.h2.mvstore.type.LongDataType;

/** H2's MVStore without its background writer; a group is one commit and one sync. */
final class Mvstore implements DurableStore {
    private final MVStore store;
    private final MVMap<Long, byte[]> events;
    private final GroupCommit group = new GroupCommit(this::write);
    private long next;

    Mvstore(Path directory) {
        this.store = new MVStore.Builder()
                .fileName(directory.resolve("events.mv").toString())
                .autoCommitDisabled()
                .open();
        this.events = store.openMap(
                "events",
                new MVMap.Builder<Long, byte[]>().keyType(LongDataType.INSTANCE).valueType(ByteArrayDataType.INSTANCE));
    }

    @Override
    public void append(byte[] body) {
        group.append(body);
    }

    private void write(List<byte[]> bodies) {
        for (byte[] body : bodies) {
            events.append(next++, body);
        }
        store.commit();
        store.sync();
    }

    @Override
    public long readAll() {
        long count = 0;
        var cursor = events.cursor(null);
        while (cursor.hasNext()) {
            cursor.next();
            count += cursor.getValue().length > 0 ? 1 : 0;
        }
        return count;
    }

    @Override
    public void end() throws Exception {
        group.end();
        store.close();
    }
}

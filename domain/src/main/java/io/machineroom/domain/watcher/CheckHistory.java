package io.machineroom.domain.watcher;

import io.machineroom.ports.data.Value;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.Deque;

/** The last checks of a nagios watcher, 15 at most, oldest first. Owned by the watcher's task. */
final class CheckHistory {
    private static final int MOST = 15;

    private final Deque<Value> items = new ArrayDeque<>();

    void add(Instant at, CheckResult result) {
        if (items.size() == MOST) {
            items.removeFirst();
        }
        String time = DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(at.atOffset(ZoneOffset.UTC)) + "Z";
        Value.Obj item = Value.obj(
                "execute", Value.text(time), "status", Value.num(result.status().code()));
        var data = result.perfData();
        items.addLast(data == null || data.isEmpty() ? item : item.with("perfdata", PerfData.list(data)));
    }

    Value toValue() {
        return new Value.Arr(java.util.List.copyOf(items));
    }
}

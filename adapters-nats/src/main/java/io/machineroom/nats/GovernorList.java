package io.machineroom.nats;

import io.machineroom.ports.data.Value;
import io.machineroom.ports.kv.Slots.Closed;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Which governors there are, page by page. One task, used once. */
final class GovernorList {
    private static final String PREFIX = "GOVERNOR_";
    private static final int MOST = 1_000;

    private final GovernorApi api;

    GovernorList(GovernorApi api) {
        this.api = api;
    }

    /** One page of the server's list; how many items it had. */
    private interface Page {
        int read(Value.Obj page);
    }

    /** Names only: a node may ask for them. */
    List<String> names() throws InterruptedException {
        TreeSet<String> out = new TreeSet<>();
        pages("STREAM.NAMES", page -> {
            List<String> streams = page.texts("streams");
            streams.stream().filter(name -> name.startsWith(PREFIX)).forEach(name -> out.add(governor(name)));
            return streams.size();
        });
        return out.stream().limit(MOST).toList();
    }

    List<Closed> closed() throws InterruptedException {
        List<Closed> out = new ArrayList<>();
        pages("STREAM.LIST", page -> {
            List<Value> streams = page.list("streams");
            for (Value stream : streams) {
                Value.Obj config =
                        stream instanceof Value.Obj info ? info.obj("config").orElse(Value.obj()) : Value.obj();
                String name = config.text("name").orElse("");
                if (name.startsWith(PREFIX) && GovernorDoor.isClosed(config)) {
                    out.add(new Closed(governor(name), GovernorDoor.change(config)));
                }
            }
            return streams.size();
        });
        return out;
    }

    private static String governor(String stream) {
        return stream.substring(PREFIX.length());
    }

    private void pages(String call, Page reader) throws InterruptedException {
        long seen = 0;
        while (seen <= MOST) {
            Value.Obj page = api.call(
                            call, Value.obj("subject", Value.text("choria.governor.*"), "offset", Value.num(seen)))
                    .orFault("*");
            int items = reader.read(page);
            seen += items;
            if (items == 0 || seen >= page.whole("total").orElse(0L)) {
                break;
            }
        }
    }
}

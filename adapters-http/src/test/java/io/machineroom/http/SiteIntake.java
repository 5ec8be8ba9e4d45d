package io.machineroom.http;

import io.machineroom.ports.data.Value;
import io.machineroom.ports.gateway.Gateway;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** What a backplane does with a leader's batches (docs/protocol.md section 8): each group by itself, and no gaps. */
final class SiteIntake implements Function<Gateway.Request, Optional<Gateway.Response>> {
    final Set<String> foreign = new HashSet<>();
    final Set<String> unfit = new HashSet<>();
    final Map<String, List<Long>> stored = new HashMap<>();
    final List<Integer> groupsPerRequest = new ArrayList<>();

    @Override
    public synchronized Optional<Gateway.Response> apply(Gateway.Request request) {
        if (!request.path().equals("/v1/events")) {
            return Optional.empty();
        }
        String type = request.header("Content-Type").orElseThrow();
        FramedEvents format = new FramedEvents(type.substring(type.indexOf('+') + 1));
        List<byte[]> events = format.split(request.body(), EventBatch.MAX_EVENTS);
        List<Value> groups = format.decode(events.getFirst()).data().list("groups");
        groupsPerRequest.add(groups.size());
        long bodies = groups.stream()
                .flatMap(g -> ((Value.Obj) g).list("entries").stream())
                .filter(e -> ((Value.Obj) e).text("void").isEmpty())
                .count();
        if (bodies != events.size() - 1 || request.body().length > EventBatch.MAX_BYTES) {
            return Optional.of(Gateway.Response.of(
                    400,
                    Problems.TYPE,
                    "{\"code\":\"batch.invalid\"}".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        }
        List<Value> answers = groups.stream().map(g -> take((Value.Obj) g)).toList();
        return Optional.of(TestBackplane.json(200, Value.obj("groups", new Value.Arr(answers))));
    }

    private Value take(Value.Obj group) {
        String node = group.text("node").orElseThrow();
        List<Value> entries = group.list("entries");
        if (foreign.contains(node)) {
            return refused("site.foreign");
        }
        if (entries.stream()
                .anyMatch(e -> unfit.contains(((Value.Obj) e).text("id").orElse("")))) {
            return refused("batch.invalid");
        }
        String line = node + " " + group.text("lane").orElseThrow();
        List<Long> have = stored.computeIfAbsent(line, k -> new ArrayList<>());
        int accepted = 0;
        for (Value item : entries) {
            Value.Obj entry = (Value.Obj) item;
            long n = entry.whole("n").orElseThrow();
            long next = have.isEmpty() ? 1 : have.getLast() + 1;
            if (n > next) {
                return Value.obj("accepted", Value.num(accepted), "receipts", Value.arr())
                        .with("expected", Value.num(next));
            }
            for (long i = Math.max(n, next); i <= entry.whole("through").orElse(n); i++) {
                have.add(i);
            }
            accepted++;
        }
        Value receipt = Value.obj(
                "text", Value.text("mr-receipt-2 " + line + " " + have.size()), "signature", Value.text("00"));
        return Value.obj("accepted", Value.num(accepted), "receipts", Value.arr(receipt));
    }

    private static Value refused(String code) {
        return Value.obj("accepted", Value.num(0), "receipts", Value.arr()).with("refused", Value.text(code));
    }
}

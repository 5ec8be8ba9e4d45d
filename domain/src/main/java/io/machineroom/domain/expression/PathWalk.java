package io.machineroom.domain.expression;

import io.machineroom.ports.data.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One way along a path. Null is nothing at all, other than JSON's null. */
final class PathWalk {
    private final Budget budget;

    PathWalk(Budget budget) {
        this.budget = budget;
    }

    @Nullable Value get(@Nullable Value value, PathStep path) {
        Value at = value;
        PathStep step = path;
        while (step != null) {
            budget.spend(1);
            switch (step) {
                case PathStep.Fixed fixed -> {
                    at = fixed.value();
                    step = fixed.rest();
                }
                case PathStep.Modified modified -> {
                    at = modify(at, modified);
                    step = modified.rest();
                }
                case PathStep.Several several -> {
                    at = several(at, several);
                    step = several.rest();
                }
                case PathStep.Part part -> {
                    Found found = new Found();
                    at = walk(at, part, found);
                    step = found.pipe;
                }
            }
        }
        return at;
    }

    /** What is to be asked of the one result; a part that was reached has set it even if it found nothing. */
    private static final class Found {
        private @Nullable PathStep pipe;

        void pipe(@Nullable PathStep next) {
            pipe = next == null ? pipe : next;
        }
    }

    private @Nullable Value walk(@Nullable Value value, PathStep step, Found found) {
        budget.spend(1);
        if (!(step instanceof PathStep.Part part)) {
            return get(value, step);
        }
        return switch (value) {
            case Value.Obj fields -> inMap(fields, part.inMap(), found);
            case Value.Arr list -> inList(list, part.inList(), found);
            case null, default -> null;
        };
    }

    private @Nullable Value inMap(Value.Obj fields, PathStep.InMap part, Found found) {
        found.pipe(part.pipe());
        String name = part.key().literal();
        if (name != null) {
            return below(fields.fields().get(name), part.more(), found);
        }
        for (Map.Entry<String, Value> field : fields.fields().entrySet()) {
            budget.spend(1);
            if (part.key().matches(field.getKey(), budget)) {
                Value hit = below(field.getValue(), part.more(), found);
                if (hit != null) {
                    return hit;
                }
            }
        }
        return null;
    }

    private @Nullable Value below(@Nullable Value value, @Nullable PathStep more, Found found) {
        return more == null || value == null ? value : walk(value, more, found);
    }

    private @Nullable Value inList(Value.Arr list, PathStep.InList part, Found found) {
        List<Value> items = list.items();
        return switch (part) {
            case PathStep.Place place -> {
                found.pipe(place.pipe());
                boolean there = place.index() >= 0 && place.index() < items.size();
                yield there ? below(items.get(place.index()), place.more(), found) : null;
            }
            case PathStep.Count count -> {
                found.pipe(count.pipe());
                yield Value.num(items.size());
            }
            case PathStep.Each each -> {
                found.pipe(each.pipe());
                List<Value> out = new ArrayList<>();
                for (Value item : items) {
                    add(out, get(item, each.body()));
                }
                yield new Value.Arr(out);
            }
            case PathStep.Query query -> query(items, query, found);
        };
    }

    private @Nullable Value query(List<Value> items, PathStep.Query query, Found found) {
        if (query.body() == null) {
            found.pipe(query.pipe());
        }
        List<Value> out = new ArrayList<>();
        for (Value item : items) {
            boolean inside = item instanceof Value.Arr || item instanceof Value.Obj;
            if (!inside && !query.itself()) {
                continue;
            }
            Value of = inside ? get(item, query.of()) : item;
            if (query.operand().holds(query.operator(), of, budget)) {
                found.pipe(query.pipe());
                Value answer = query.body() == null ? item : get(item, query.body());
                if (!query.all()) {
                    return answer;
                }
                add(out, answer);
            }
        }
        return query.all() ? new Value.Arr(out) : null;
    }

    private @Nullable Value modify(@Nullable Value value, PathStep.Modified modified) {
        PathStep inner = modified.inner();
        if (inner == null || value == null) {
            return modified.how().apply(value, modified.argument(), budget);
        }
        List<Value> out = new ArrayList<>();
        dig(value, inner, out);
        return new Value.Arr(out);
    }

    private void dig(Value value, PathStep path, List<Value> out) {
        add(out, get(value, path));
        switch (value) {
            case Value.Arr list -> list.items().forEach(item -> dig(item, path, out));
            case Value.Obj fields -> fields.fields().values().forEach(item -> dig(item, path, out));
            default -> budget.spend(1);
        }
    }

    private @Nullable Value several(@Nullable Value value, PathStep.Several several) {
        List<Value> items = new ArrayList<>();
        Map<String, Value> fields = new LinkedHashMap<>();
        for (PathStep.Named named : several.paths()) {
            Value answer = get(value, named.path());
            if (answer != null) {
                budget.weigh(answer);
                items.add(answer);
                fields.putIfAbsent(named.name(), answer);
            }
        }
        return several.map() ? Value.obj(fields) : new Value.Arr(items);
    }

    /** Weighs what is added: one value may be in the answer many times. */
    private void add(List<Value> out, @Nullable Value value) {
        if (value != null) {
            budget.weigh(value);
            out.add(value);
        }
    }
}

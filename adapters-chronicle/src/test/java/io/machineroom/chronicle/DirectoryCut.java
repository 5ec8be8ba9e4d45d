package io.machineroom.chronicle;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A moment at which the power may fail: what had been synced, what there was, and the steps between them, of which any
 * subset may have reached the disk. A step is a name (a rename is one), a length, or a page.
 */
final class DirectoryCut {
    private final DirectoryImage safe;
    private final DirectoryImage present;
    private final Object root;
    private final int unit;
    private final List<Step> steps = new ArrayList<>();

    private sealed interface Step {}

    private record Name(
            Object directory, String name, @Nullable Object now) {}

    private record Names(List<Name> together) implements Step {}

    private record Length(Object file) implements Step {}

    private record Page(Object file, int number) implements Step {}

    DirectoryCut(DirectoryImage safe, DirectoryImage present, Object root, int unit) {
        this.safe = safe;
        this.present = present;
        this.root = root;
        this.unit = unit;
        findNames();
        present.files().forEach((id, now) -> {
            PageImage before = safe(id);
            if (before.length() != now.length()) {
                steps.add(new Length(id));
            }
            before.differs(now).forEach(page -> steps.add(new Page(id, page)));
        });
    }

    private PageImage safe(Object file) {
        return safe.files().getOrDefault(file, PageImage.empty(unit));
    }

    private void findNames() {
        List<Name> changes = new ArrayList<>();
        Map<Object, Name> gone = new HashMap<>();
        present.names().forEach((directory, now) -> {
            Map<String, Object> before = safe.names().getOrDefault(directory, Map.of());
            TreeSet<String> all = new TreeSet<>(now.keySet());
            all.addAll(before.keySet());
            for (String name : all) {
                Name change = new Name(directory, name, now.get(name));
                if (!Objects.equals(before.get(name), change.now())) {
                    changes.add(change);
                    if (change.now() == null) {
                        gone.put(before.get(name), change);
                    }
                }
            }
        });
        for (Name change : changes) {
            Name other = change.now() == null ? null : gone.remove(change.now());
            if (other != null) {
                steps.add(new Names(List.of(change, other)));
            } else if (change.now() != null) {
                steps.add(new Names(List.of(change)));
            }
        }
        gone.values().forEach(change -> steps.add(new Names(List.of(change))));
    }

    /** The steps that are kept, or that are not, for a message. */
    String describe(BitSet which) {
        return which.stream().mapToObj(i -> steps.get(i).toString()).toList().toString();
    }

    int pending() {
        return steps.size();
    }

    /** Lays out a copy as the cut leaves it when it keeps these steps. */
    void write(BitSet kept, Path to) throws IOException {
        DirectoryImage left = safe.copy();
        present.files().keySet().forEach(id -> left.files().putIfAbsent(id, PageImage.empty(unit)));
        for (int i = kept.nextSetBit(0); i >= 0; i = kept.nextSetBit(i + 1)) {
            keep(steps.get(i), left);
        }
        left.write(root, to, unit);
    }

    private void keep(Step step, DirectoryImage left) {
        switch (step) {
            case Names(List<Name> together) ->
                together.forEach(name -> {
                    Map<String, Object> entries = new TreeMap<>(left.names().getOrDefault(name.directory(), Map.of()));
                    if (name.now() == null) {
                        entries.remove(name.name());
                    } else {
                        entries.put(name.name(), name.now());
                    }
                    left.names().put(name.directory(), entries);
                });
            case Length(Object file) ->
                left.files().computeIfPresent(file, (id, image) -> image.ofLength(now(id).length()));
            case Page(Object file, int number) ->
                left.files().computeIfPresent(file, (id, image) -> image.with(number, now(id)));
        }
    }

    private PageImage now(Object file) {
        return Objects.requireNonNull(present.files().get(file));
    }
}

package io.machineroom.chronicle;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Looks at a directory before every sync, and whenever it is asked to: each look is a moment at which the power may fail.
 * What is written while a sync runs counts as not synced. Any thread.
 *
 * @param <F> what was known of the store at a moment
 */
final class DirectoryRecorder<F> implements Syncing {
    private final Path root;
    private final int unit;
    private final Supplier<F> known;
    private final DirectoryImage safe;
    private final List<Moment<F>> moments = new ArrayList<>();
    private DirectoryImage present;

    /**
     * A moment.
     *
     * @param where in words
     * @param known what was known of the store
     */
    record Moment<F>(String where, DirectoryCut cut, F known) {}

    /** Records from now on; the directory is empty. */
    DirectoryRecorder(Path root, int unit, Supplier<F> known) {
        this(root, unit, known, DirectoryImage.empty());
    }

    private DirectoryRecorder(Path root, int unit, Supplier<F> known, DirectoryImage there) {
        this.root = root;
        this.unit = unit;
        this.known = known;
        this.safe = there.copy();
        this.present = there;
    }

    /** Records from now on; what there is outlives every cut. */
    static <F> DirectoryRecorder<F> over(Path root, int unit, Supplier<F> known) throws IOException {
        return new DirectoryRecorder<>(root, unit, known, DirectoryImage.read(root, unit, DirectoryImage.empty()));
    }

    /** Just before a sync. */
    @Override
    public synchronized void before(Path syncing, long from, long to) {
        look("before the sync of " + root.relativize(syncing));
        try {
            safe.adopt(DirectoryImage.id(syncing), present, from, to);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    synchronized void look(String where) {
        try {
            present = DirectoryImage.read(root, unit, present);
            DirectoryCut cut = new DirectoryCut(safe.copy(), present, DirectoryImage.id(root), unit);
            moments.add(new Moment<>(where, cut, known.get()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    synchronized List<Moment<F>> moments() {
        return List.copyOf(moments);
    }
}

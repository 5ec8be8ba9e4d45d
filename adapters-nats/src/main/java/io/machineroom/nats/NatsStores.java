package io.machineroom.nats;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The stores of a broker's directory: one of a server alone, and one of each place of a cluster that it had. Which of them was used last
 * is noted. Another one that is there already is of months ago: its values are old, nobody holds its slots, and as one of a
 * cluster it would have a say beside those that went on. It is set aside, for people to look into, and the server begins empty.
 */
final class NatsStores {
    /** Name of the store that was used last. */
    static final String NOTE = "store.last";

    private static final String ASIDE = ".aside-1";
    /** No store has this name. */
    private static final String NONE = "none";

    private static final System.Logger LOG = System.getLogger(NatsStores.class.getName());

    private final Path directory;

    NatsStores(Path directory) {
        this.directory = directory;
    }

    /** A server is to use that store. Without a note it is of a version that made none, and the store stays as it is. */
    void use(String name) throws IOException {
        Optional<String> last = last();
        if (last.equals(Optional.of(name))) {
            return;
        }
        Path store = directory.resolve(name);
        if (last.isPresent() && Files.exists(store)) {
            Path aside = directory.resolve(name + ASIDE);
            delete(aside);
            Files.move(store, aside, StandardCopyOption.ATOMIC_MOVE);
            LOG.log(
                    System.Logger.Level.WARNING,
                    "the broker begins with an empty store: that in {0} is of another time and was moved to {1}",
                    store,
                    aside);
        }
        note(name);
    }

    /** No server runs here any more: whatever the next one uses is old. */
    void rest() throws IOException {
        if (Files.isDirectory(directory)) {
            note(NONE);
        }
    }

    /** A note that was cut off by a power cut is none. */
    private Optional<String> last() throws IOException {
        Path note = directory.resolve(NOTE);
        return Files.exists(note)
                ? Optional.of(Files.readString(note).strip()).filter(text -> !text.isEmpty())
                : Optional.empty();
    }

    /** On disk before the server starts, so that no store in use is taken for an old one. */
    private void note(String name) throws IOException {
        Path fresh = directory.resolve(NOTE + ".new");
        Files.write(fresh, List.of(name), StandardCharsets.UTF_8);
        sync(fresh, StandardOpenOption.WRITE);
        Files.move(fresh, directory.resolve(NOTE), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        sync(directory, StandardOpenOption.READ);
    }

    private static void sync(Path path, StandardOpenOption how) throws IOException {
        try (FileChannel channel = FileChannel.open(path, how)) {
            channel.force(true);
        }
    }

    private static void delete(Path tree) throws IOException {
        if (!Files.exists(tree)) {
            return;
        }
        try (Stream<Path> all = Files.walk(tree)) {
            for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(one);
            }
        }
    }
}

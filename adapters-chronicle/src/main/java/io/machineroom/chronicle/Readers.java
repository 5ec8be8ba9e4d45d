package io.machineroom.chronicle;

import io.machineroom.ports.stream.Lane;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/** The named readers of a spool and what they are done with; a reader holds its records until its file is deleted. */
final class Readers implements AutoCloseable {
    private static final String SUFFIX = ".mark";
    private static final int SLOT = 16 << 10;
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

    private final Path directory;
    private final Disk disk;
    private final Map<String, Reader> known = new ConcurrentHashMap<>();

    /** One named reader. */
    static final class Reader {
        private final CheckpointFile file;
        private volatile Map<Lane, LaneMark> marks;

        private Reader(CheckpointFile file, Map<Lane, LaneMark> marks) {
            this.file = file;
            this.marks = marks;
        }

        Map<Lane, LaneMark> marks() {
            return marks;
        }

        /** Changes what is known in this process. */
        void note(Map<Lane, LaneMark> now) {
            marks = now;
        }

        /** Makes it durable. */
        void save() {
            ByteBuffer to = ByteBuffer.allocate(file.capacity());
            int room = file.capacity() / Lane.values().length;
            for (Lane lane : Lane.values()) {
                mark(lane).put(to, room);
            }
            byte[] bytes = new byte[to.position()];
            to.get(0, bytes);
            file.write(bytes);
        }

        LaneMark mark(Lane lane) {
            LaneMark mark = marks.get(lane);
            if (mark == null) {
                throw new IllegalStateException("no mark of lane " + lane);
            }
            return mark;
        }
    }

    Readers(Path directory, Disk disk) {
        this.directory = directory;
        this.disk = disk;
        disk.makeDirectory(directory);
        try (var files = Files.list(directory)) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                if (name.endsWith(SUFFIX)) {
                    load(name.substring(0, name.length() - SUFFIX.length()), file);
                }
            }
        } catch (IOException e) {
            throw disk.unavailable("cannot list " + directory, e);
        }
    }

    private void load(String name, Path path) {
        CheckpointFile file = new CheckpointFile(disk, path, SLOT);
        Optional<Map<Lane, LaneMark>> marks = file.read().flatMap(Readers::decode);
        if (marks.isPresent()) {
            known.put(name, new Reader(file, marks.get()));
        } else {
            System.getLogger(Readers.class.getName())
                    .log(
                            System.Logger.Level.WARNING,
                            path + " holds no mark; reader " + name + " starts at the oldest");
            file.close();
        }
    }

    private static Optional<Map<Lane, LaneMark>> decode(byte[] bytes) {
        try {
            ByteBuffer from = ByteBuffer.wrap(bytes);
            Map<Lane, LaneMark> marks = new EnumMap<>(Lane.class);
            for (Lane lane : Lane.values()) {
                marks.put(lane, LaneMark.read(from));
            }
            return Optional.of(marks);
        } catch (BufferUnderflowException _) {
            return Optional.empty();
        }
    }

    /** The reader of that name; a new one begins at the given marks. */
    Reader open(String name, java.util.function.Supplier<Map<Lane, LaneMark>> oldest) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("reader name " + name);
        }
        Reader reader = known.get(name);
        if (reader == null) {
            CheckpointFile file = new CheckpointFile(disk, directory.resolve(name + SUFFIX), SLOT);
            file.read();
            reader = new Reader(file, oldest.get());
            reader.save();
            known.put(name, reader);
        }
        return reader;
    }

    /** The place of the reader that is least far in a lane; empty without readers. */
    Optional<Place> slowest(Lane lane) {
        return known.values().stream()
                .map(r -> r.mark(lane).place())
                .min(java.util.Comparator.comparingLong(Place::records).thenComparingLong(Place::bytes));
    }

    @Override
    public void close() {
        known.values().forEach(r -> r.file.close());
    }
}

package io.machineroom.chronicle;

import io.machineroom.ports.stream.Epoch;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Stamp;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The openings of a spool that still matter, each with the last numbers it gave per lane. The file is replaced as one
 * whole when the spool opens, before the first append; while it is open the table does not change, and the numbers of
 * the present epoch are the business of the lanes.
 */
final class EpochTable {
    private static final int LANES = Lane.values().length;
    private static final int ENTRY = 8 + 16 + LANES * 8;
    private static final int HEAD = 4 + 8 + 4;
    private static final int MAGIC = 0x4d524550;

    private final String lineage;
    private final NavigableMap<Long, Entry> entries = new TreeMap<>();
    private final AtomicReferenceArray<@Nullable Before> known = new AtomicReferenceArray<>(LANES);
    private long highest;

    /** What was before an epoch; asked for each record, and the same for all of an epoch. */
    private record Before(long ordinal, Stamp.@Nullable EpochEnd end) {}

    private record Entry(Epoch epoch, long[] last) {
        boolean isEmpty() {
            for (long number : last) {
                if (number > 0) {
                    return false;
                }
            }
            return true;
        }
    }

    private EpochTable(String lineage) {
        this.lineage = lineage;
    }

    /** Reads the table; there must be one when the spool holds records. */
    static EpochTable load(Path file, Disk disk, String lineage, boolean needed) {
        EpochTable table = new EpochTable(lineage);
        byte[] bytes = disk.read(file);
        if (bytes.length == 0 && needed) {
            throw disk.damaged(file + " is missing although there are records");
        }
        if (bytes.length > 0) {
            try {
                table.decode(bytes);
            } catch (BufferUnderflowException | IllegalArgumentException e) {
                throw new io.machineroom.ports.PortException.Corrupted(
                        disk.kind() + ".damaged", file + " is damaged", e);
            }
        }
        return table;
    }

    private void decode(byte[] bytes) {
        if (bytes.length < HEAD + 4) {
            throw new IllegalArgumentException(bytes.length + " bytes");
        }
        ByteBuffer from = ByteBuffer.wrap(bytes);
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, bytes.length - 4);
        if (from.getInt() != MAGIC || from.getInt(bytes.length - 4) != (int) crc.getValue()) {
            throw new IllegalArgumentException("checksum");
        }
        highest = from.getLong();
        int count = from.getInt();
        for (int i = 0; i < count; i++) {
            long ordinal = from.getLong();
            byte[] nonce = new byte[16];
            from.get(nonce);
            long[] last = new long[LANES];
            for (int lane = 0; lane < LANES; lane++) {
                last[lane] = from.getLong();
            }
            entries.put(
                    ordinal,
                    new Entry(new Epoch(lineage, ordinal, HexFormat.of().formatHex(nonce)), last));
        }
    }

    private byte[] encode() {
        ByteBuffer to = ByteBuffer.allocate(HEAD + entries.size() * ENTRY + 4);
        to.putInt(MAGIC).putLong(highest).putInt(entries.size());
        entries.forEach((ordinal, entry) -> {
            to.putLong(ordinal).put(HexFormat.of().parseHex(entry.epoch().nonce()));
            for (long number : entry.last()) {
                to.putLong(number);
            }
        });
        CRC32C crc = new CRC32C();
        crc.update(to.array(), 0, to.position());
        return to.putInt((int) crc.getValue()).array();
    }

    /** Notes what the tail of a lane says about the epoch that wrote it last. */
    void ended(Lane lane, long ordinal, long last) {
        Entry entry = entries.get(ordinal);
        if (entry != null) {
            entry.last()[SpoolFrame.code(lane)] = Math.max(entry.last()[SpoolFrame.code(lane)], last);
            known.set(SpoolFrame.code(lane), null);
        }
    }

    /** The same, of the end of a lane. */
    void ended(Lane lane, LaneTail tail) {
        ended(lane, tail.ordinal(), tail.last());
    }

    /** Forgets the epochs below {@code oldest}, but for those that later ones name as the one before, and empty ones. */
    void forget(long oldest) {
        entries.values().removeIf(Entry::isEmpty);
        List<Long> named = new ArrayList<>();
        for (Lane lane : Lane.values()) {
            before(oldest, lane).ifPresent(e -> named.add(e.epoch().ordinal()));
        }
        entries.headMap(oldest, false).keySet().retainAll(named);
    }

    /** Begins an epoch; {@link #save} makes it durable. */
    Epoch begin(String nonce) {
        highest = Math.max(highest, entries.isEmpty() ? 0 : entries.lastKey()) + 1;
        Epoch epoch = new Epoch(lineage, highest, nonce);
        entries.put(highest, new Entry(epoch, new long[LANES]));
        return epoch;
    }

    void save(Path file, Disk disk) {
        disk.replace(file, encode());
    }

    @Nullable Epoch epoch(long ordinal) {
        Entry entry = entries.get(ordinal);
        return entry == null ? null : entry.epoch();
    }

    long oldest() {
        return entries.isEmpty() ? highest : entries.firstKey();
    }

    long current() {
        return highest;
    }

    /** Last number that a past epoch gave in a lane; 0 when none or forgotten. */
    long last(long ordinal, Lane lane) {
        Entry entry = entries.get(ordinal);
        return entry == null ? 0 : entry.last()[SpoolFrame.code(lane)];
    }

    /** The epochs from {@code ordinal} on, ascending. */
    Iterable<Long> from(long ordinal) {
        return entries.tailMap(ordinal, true).keySet();
    }

    Stamp.@Nullable EpochEnd previous(long ordinal, Lane lane) {
        int code = SpoolFrame.code(lane);
        Before asked = known.get(code);
        if (asked == null || asked.ordinal() != ordinal) {
            Stamp.EpochEnd end = before(ordinal, lane)
                    .map(e -> new Stamp.EpochEnd(e.epoch(), e.last()[code]))
                    .orElse(null);
            asked = new Before(ordinal, end);
            known.set(code, asked);
        }
        return asked.end();
    }

    private Optional<Entry> before(long ordinal, Lane lane) {
        return entries.headMap(ordinal, false).descendingMap().entrySet().stream()
                .map(Map.Entry::getValue)
                .filter(e -> e.last()[SpoolFrame.code(lane)] > 0)
                .findFirst();
    }
}

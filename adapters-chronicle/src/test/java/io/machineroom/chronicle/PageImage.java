package io.machineroom.chronicle;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a file holds, by the page; pages of zeros are left out.
 *
 * @param length bytes of the file
 * @param unit bytes of a page
 * @param pages page to its bytes, never changed
 */
record PageImage(long length, int unit, SortedMap<Integer, byte[]> pages) {
    private static final int AT_ONCE = 1 << 20;

    static PageImage empty(int unit) {
        return new PageImage(0, unit, new TreeMap<>());
    }

    /** Reads a file; pages that are as in the image before are shared with it. */
    static PageImage read(Path file, int unit, PageImage before) throws IOException {
        SortedMap<Integer, byte[]> pages = new TreeMap<>();
        long length = 0;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer buffer = ByteBuffer.allocate(AT_ONCE);
            while (channel.read(buffer) >= 0 || buffer.position() > 0) {
                if (buffer.hasRemaining() && channel.position() < channel.size()) {
                    continue;
                }
                for (int at = 0; at < buffer.position(); at += unit) {
                    int bytes = Math.min(unit, buffer.position() - at);
                    put(pages, (int) ((length + at) / unit), ByteBuffer.wrap(buffer.array(), at, bytes), before);
                }
                length += buffer.position();
                buffer.clear();
            }
        }
        return new PageImage(length, unit, pages);
    }

    private static void put(Map<Integer, byte[]> pages, int number, ByteBuffer page, PageImage before) {
        byte[] old = before.pages.get(number);
        if (old != null && page.equals(ByteBuffer.wrap(old, 0, page.remaining()))) {
            pages.put(number, old);
        } else if (!page.equals(ByteBuffer.allocate(page.remaining()))) {
            byte[] own = new byte[before.unit];
            page.get(own, 0, page.remaining());
            pages.put(number, own);
        }
    }

    /** Pages that differ. */
    SortedSet<Integer> differs(PageImage other) {
        SortedSet<Integer> all = new TreeSet<>(pages.keySet());
        all.addAll(other.pages.keySet());
        all.removeIf(page -> Arrays.equals(page(page), other.page(page)));
        return all;
    }

    private byte[] page(int number) {
        return pages.getOrDefault(number, new byte[unit]);
    }

    /** This one with a page as another has it. */
    PageImage with(int number, PageImage other) {
        SortedMap<Integer, byte[]> now = new TreeMap<>(pages);
        now.put(number, other.page(number));
        long end = Math.min(other.length, (number + 1L) * unit);
        return new PageImage(Math.max(length, end), unit, now);
    }

    /** This one with the length of another, and those of its pages that have bytes of a range. */
    PageImage adopt(PageImage other, long from, long to) {
        if (from <= 0 && to >= other.length) {
            return other;
        }
        SortedMap<Integer, byte[]> now = ofLength(other.length).pages;
        int first = (int) (from / unit);
        int behind = (int) Math.min(Integer.MAX_VALUE, (to - 1) / unit + 1);
        now.subMap(first, behind).clear();
        now.putAll(other.pages.subMap(first, behind));
        return new PageImage(other.length, unit, now);
    }

    PageImage ofLength(long bytes) {
        SortedMap<Integer, byte[]> now = new TreeMap<>(pages.headMap((int) ((bytes + unit - 1) / unit)));
        return new PageImage(bytes, unit, now);
    }

    void write(Path file) throws IOException {
        Files.createFile(file);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            for (Map.Entry<Integer, byte[]> page : pages.entrySet()) {
                long at = (long) page.getKey() * unit;
                int bytes = (int) Math.min(unit, length - at);
                if (bytes > 0) {
                    Disk.writeFully(channel, ByteBuffer.wrap(page.getValue(), 0, bytes), at);
                }
            }
            if (length > channel.size()) {
                channel.write(ByteBuffer.allocate(1), length - 1);
            }
        }
    }
}

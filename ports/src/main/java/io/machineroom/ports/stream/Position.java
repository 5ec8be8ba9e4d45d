package io.machineroom.ports.stream;

/**
 * Where a source stands. Opaque to everybody but the source; only the order means anything.
 *
 * @param index coarse part, for example an excerpt
 * @param offset fine part inside it
 */
public record Position(long index, int offset) implements Comparable<Position> {
    @Override
    public int compareTo(Position other) {
        int byIndex = Long.compareUnsigned(index, other.index);
        return byIndex != 0 ? byIndex : Integer.compare(offset, other.offset);
    }
}

package io.machineroom.chronicle;

import java.nio.ByteBuffer;

/** A copy of one excerpt on the heap, with its index; what is cut out of it stays valid as long as it is held. */
record Excerpt(long index, ByteBuffer bytes) {}

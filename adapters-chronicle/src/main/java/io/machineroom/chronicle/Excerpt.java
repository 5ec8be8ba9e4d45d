package io.machineroom.chronicle;

import java.nio.ByteBuffer;

/** One excerpt on the heap, with its index; nobody writes into it again, so what is cut out of it stays valid as long as it is held. */
record Excerpt(long index, ByteBuffer bytes) {}

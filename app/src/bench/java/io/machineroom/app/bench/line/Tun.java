package io.machineroom.app.bench.line;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * One network interface of Linux whose other end is this process: what the kernel sends there is read here, what is written
 * here the kernel receives. It may be moved to another namespace and stays connected. Layout of the request: {@code linux/if_tun.h}.
 */
final class Tun implements AutoCloseable {
    /** Largest packet, in bytes. */
    static final int MAX_PACKET = 2_048;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle OPEN =
            function("open", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT), Linker.Option.firstVariadicArg(2));
    private static final MethodHandle IOCTL = function(
            "ioctl", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS), Linker.Option.firstVariadicArg(2));
    private static final MethodHandle READ =
            function("read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
    private static final MethodHandle WRITE =
            function("write", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
    private static final MethodHandle CLOSE = function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

    private static final int READ_WRITE = 2;
    private static final long SET_INTERFACE = 0x400454caL;
    private static final short TUN_WITHOUT_HEADER = 0x1001;
    private static final int REQUEST_BYTES = 40;
    private static final int NAME_BYTES = 16;

    private final int descriptor;

    /** Makes the interface {@code name}; it goes with this object. */
    Tun(String name) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            descriptor = (int) OPEN.invokeExact(arena.allocateFrom("/dev/net/tun"), READ_WRITE);
            MemorySegment request = arena.allocate(REQUEST_BYTES);
            request.setString(0, name);
            request.set(ValueLayout.JAVA_SHORT, NAME_BYTES, TUN_WITHOUT_HEADER);
            if (descriptor < 0 || (int) IOCTL.invokeExact(descriptor, SET_INTERFACE, request) != 0) {
                throw new IOException("no interface " + name + " over /dev/net/tun: is this root?");
            }
        } catch (IOException e) {
            throw e;
        } catch (Throwable e) {
            throw new IOException("the call of the kernel failed", e);
        }
    }

    @SuppressWarnings("restricted")
    private static MethodHandle function(String name, FunctionDescriptor shape, Linker.Option... options) {
        return LINKER.downcallHandle(LINKER.defaultLookup().find(name).orElseThrow(), shape, options);
    }

    /** Waits for a packet; its length. */
    int read(MemorySegment into) throws IOException {
        try {
            return Math.toIntExact((long) READ.invokeExact(descriptor, into, into.byteSize()));
        } catch (Throwable e) {
            throw new IOException("the call of the kernel failed", e);
        }
    }

    /** Gives a packet to the kernel; one that it does not want is lost, as on any line. */
    void write(MemorySegment packet) throws IOException {
        try {
            long ignored = (long) WRITE.invokeExact(descriptor, packet, packet.byteSize());
        } catch (Throwable e) {
            throw new IOException("the call of the kernel failed", e);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            int ignored = (int) CLOSE.invokeExact(descriptor);
        } catch (Throwable e) {
            throw new IOException("the call of the kernel failed", e);
        }
    }
}

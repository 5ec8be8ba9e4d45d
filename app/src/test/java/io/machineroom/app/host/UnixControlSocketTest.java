package io.machineroom.app.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.machineroom.app.codec.JacksonJson;
import io.machineroom.ports.PortException;
import io.machineroom.ports.contract.ControlSocketContract;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.host.ControlSocket;
import io.machineroom.ports.runtime.Tasks;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class UnixControlSocketTest extends ControlSocketContract {
    private final VirtualThreadTasks tasks = new VirtualThreadTasks();
    private final UnixControlSocket control = new UnixControlSocket(new JacksonJson());

    @TempDir
    private Path directory;

    @Override
    protected ControlSocket control() {
        return control;
    }

    @Override
    protected Tasks tasks() {
        return tasks;
    }

    @Override
    protected void within(Tasks.Body body) throws InterruptedException {
        body.run();
    }

    @Override
    protected Path socket() {
        return directory.resolve("c.sock");
    }

    @Test
    void isForTheOwnerOnlyAndGoneAfterwards() throws Exception {
        try (AutoCloseable served = control.serve(socket(), (request, answers) -> {})) {
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(socket())));
            assertEquals(1, directory.toFile().list().length, String.valueOf(served));
        }
        assertEquals(0, directory.toFile().list().length);
    }

    @Test
    void replacesAStaleSocket() throws Exception {
        try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(socket()));
        }
        try (AutoCloseable served = control.serve(socket(), (request, answers) -> answers.accept(request))) {
            List<Value.Obj> seen = new ArrayList<>();
            control.call(socket(), Value.obj("a", Value.num(1)), seen::add);
            assertEquals(1, seen.size(), String.valueOf(served));
        }
    }

    @Test
    void refusesADirectoryThatCannotBe() {
        PortException.Refused e = assertThrows(
                PortException.Refused.class,
                () -> control.serve(Path.of("/proc/no/such/c.sock"), (request, answers) -> {}));
        assertEquals("control.path", e.code());
    }

    @Test
    void answersNoiseWithAnError() throws Exception {
        try (AutoCloseable served = control.serve(socket(), (request, answers) -> {});
                SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket()))) {
            channel.write(ByteBuffer.wrap("noise\n".getBytes(StandardCharsets.UTF_8)));
            ByteBuffer answer = ByteBuffer.allocate(1_000);
            while (channel.read(answer) >= 0) {
                assertEquals(1_000, answer.capacity(), String.valueOf(served));
            }
            String text = new String(answer.array(), 0, answer.position(), StandardCharsets.UTF_8);
            assertEquals("{\"error\":{\"code\":\"json.invalid\"", text.substring(0, 31));
        }
    }
}

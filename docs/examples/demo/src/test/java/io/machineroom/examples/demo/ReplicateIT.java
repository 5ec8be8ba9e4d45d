package io.machineroom.examples.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The replicator as a process between two plain nats-servers: it copies, and ends well when asked to. */
class ReplicateIT {
    private static final int EVENTS = 500;

    @TempDir
    Path directory;

    @Test
    @Timeout(180)
    void copiesEverythingAndEndsOnSigterm() throws Exception {
        Stage.requireNats();
        Workshop shop = Stage.workshop(directory);
        int source = Workshop.freePort();
        int target = Workshop.freePort();
        try (Server from = new Server(shop, "source", source);
                Server to = new Server(shop, "target", target)) {
            from.ask(
                    "$JS.API.STREAM.CREATE.TEST", "{\"name\":\"TEST\",\"subjects\":[\"test.>\"],\"storage\":\"file\"}");
            for (int i = 1; i <= EVENTS; i++) {
                from.ask("test." + i, "{\"n\":" + i + "}");
            }
            Path config = Files.writeString(
                    directory.resolve("r.yaml"), """
                    name: here
                    state_store: %s
                    streams:
                      - stream: TEST
                        target_stream: COPY
                        target_subject_prefix: copy
                        source_url: nats://127.0.0.1:%d
                        target_url: nats://127.0.0.1:%d
                    """.formatted(directory.resolve("state"), source, target));
            Program replicator = Program.start(
                    "the replicator",
                    directory.resolve("replicate.log"),
                    Map.of("JAVA_HOME", System.getProperty("java.home"), "MACHINE_ROOM_CACHE", "none"),
                    shop.agent("replicate", "--json", "--config", config.toString()));
            Workshop.await(
                    "everything is copied",
                    Duration.ofSeconds(60),
                    () -> to.ask("$JS.API.STREAM.INFO.COPY", "").contains("\"messages\":" + EVENTS + ","));
            assertTrue(replicator.stop(Duration.ofSeconds(20)), () -> "it did not end");
            assertEquals(0, replicator.exitCode());
            assertTrue(Files.readString(directory.resolve("replicate.log")).contains("\"copied\":" + EVENTS));
        }
    }

    /** A nats-server without anything but JetStream, and one connection to it. */
    private static final class Server implements AutoCloseable {
        private final Program program;
        private final Socket socket;
        private final BufferedReader in;
        private int asked;

        Server(Workshop shop, String name, int port) throws Exception {
            Path store = Files.createDirectories(shop.directory().resolve(name));
            program = Program.start(
                    name,
                    shop.directory().resolve(name + ".log"),
                    shop.environment(),
                    List.of(
                            "nats-server",
                            "-a",
                            "127.0.0.1",
                            "-p",
                            Integer.toString(port),
                            "-js",
                            "-sd",
                            store.toString()));
            Workshop.await(name + " answers", Duration.ofSeconds(20), () -> answers(port));
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            write("CONNECT {\"verbose\":false,\"headers\":true}\r\nSUB answer.* 1\r\n");
        }

        private static boolean answers(int port) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return socket.isConnected();
            } catch (IOException notYet) {
                return false;
            }
        }

        private void write(String text) throws IOException {
            OutputStream out = socket.getOutputStream();
            out.write(text.getBytes(StandardCharsets.UTF_8));
            out.flush();
        }

        /** One request and the line of its answer. */
        String ask(String subject, String body) throws IOException {
            String reply = "answer." + ++asked;
            write("PUB " + subject + " " + reply + " " + body.length() + "\r\n" + body + "\r\n");
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (line.equals("PING")) {
                    write("PONG\r\n");
                } else if (line.startsWith("MSG " + reply + " ")) {
                    return in.readLine();
                }
            }
            throw new IOException("the server ended the connection");
        }

        @Override
        public void close() throws IOException {
            socket.close();
            try {
                program.kill();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}

package io.machineroom.examples.demo;

import io.machineroom.ports.data.Value;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The vendor's side: one backplane process and the commands that the vendor's people type. */
final class Saas {
    private final Workshop shop;
    private final Path state;
    private final Path offline;
    private final boolean nats;
    private final int httpsPort;
    private final int natsPort;
    private final Path log;
    private final Wire httpsWire;
    private final Wire natsWire;
    private Program program;
    private int serial;

    Saas(Workshop shop, boolean nats) throws IOException, InterruptedException {
        this.shop = shop;
        this.nats = nats;
        this.state = shop.directory().resolve("saas");
        this.offline = shop.directory().resolve("offline-keys");
        this.log = shop.directory().resolve("backplane.log");
        this.httpsPort = Workshop.freePort();
        this.natsPort = Workshop.freePort();
        shop.run(shop.backplane(
                "init",
                "--state",
                state.toString(),
                "--offline",
                offline.toString(),
                "--name",
                "acme",
                "--customer",
                "one"));
        this.httpsWire = new Wire(httpsPort);
        this.natsWire = new Wire(natsPort);
        this.program = launch();
    }

    /** Starts it anew, after {@link #kill}. */
    void start() throws IOException {
        program = launch();
    }

    /** As {@code kill -9}. */
    void kill() throws InterruptedException {
        program.kill();
    }

    /** As {@code kill -9} of the nats-server; false when it does not run just now. */
    boolean killNats() {
        Optional<ProcessHandle> server = natsServer();
        server.ifPresent(ProcessHandle::destroyForcibly);
        return server.isPresent();
    }

    /** The nats-server that the backplane runs just now. */
    Optional<ProcessHandle> natsServer() {
        return ProcessHandle.of(program.pid()).stream()
                .flatMap(ProcessHandle::descendants)
                .filter(child -> child.info().command().orElse("").endsWith("nats-server"))
                .findFirst();
    }

    /** Whether anybody takes connections on the nats-server's own port. */
    boolean natsAnswers() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), natsPort)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    /** The port that the nats-server itself listens on, behind the wire. */
    int brokerPort() {
        return natsPort;
    }

    /** Where the nats-server keeps its streams. */
    Path brokerStore() {
        return state.resolve("nats/store");
    }

    long pid() {
        return program.pid();
    }

    /** Of the nats-server that the backplane runs. */
    long natsPid() {
        return natsServer().orElseThrow().pid();
    }

    /** Whether the present process serves; a socket that a killed one left does not answer. */
    boolean isUp() throws IOException {
        mustLive();
        Path socket = state.resolve("control.sock");
        if (!Files.exists(socket)) {
            return false;
        }
        try (var channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            return channel.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    void mustLive() {
        if (!program.alive()) {
            throw new StoryFailed(program.trouble());
        }
    }

    private Program launch() throws IOException {
        List<String> args = new ArrayList<>(List.of(
                "up",
                "--state",
                state.toString(),
                "--listen",
                "127.0.0.1:" + httpsPort,
                "--advertise",
                "https://127.0.0.1:" + httpsWire.port()));
        if (nats) {
            args.addAll(List.of(
                    "--nats-listen", "127.0.0.1:" + natsPort, "--advertise", "tls://127.0.0.1:" + natsWire.port()));
        } else {
            args.add("--no-nats");
        }
        return Program.start("the backplane", log, shop.environment(), shop.backplane(args.toArray(String[]::new)));
    }

    void awaitUp() throws Exception {
        Workshop.await("the backplane is up", Duration.ofSeconds(30), this::isUp);
    }

    Wire https() {
        return httpsWire;
    }

    Wire nats() {
        return natsWire;
    }

    /** The port that the gateway itself listens on, behind the wire. */
    int port() {
        return httpsPort;
    }

    Path state() {
        return state;
    }

    String gateway() {
        return "https://127.0.0.1:" + httpsWire.port();
    }

    /** A public key that {@code init} made, as a vendor writes it into the agent. */
    String publicKey(String name) throws IOException {
        Value.Obj about = shop.object(Files.readString(state.resolve("backplane.json")));
        return about.text(name).orElseThrow(() -> new StoryFailed("backplane.json has no " + name));
    }

    /** Issues a token into a file that does not exist yet. */
    void token(Path out, String... more) throws IOException, InterruptedException {
        List<String> args =
                new ArrayList<>(List.of("token", "--state", state.toString(), "--offline", offline.toString()));
        args.addAll(List.of("--customer", "one", "--site", "hq", "--url", gateway(), "--out", out.toString()));
        args.addAll(List.of(more));
        shop.run(shop.backplane(args.toArray(String[]::new)));
    }

    /** Registers the site whose leader is {@code leader}, on this machine. */
    void site(String leader, int port, int gatewayPort) throws IOException, InterruptedException {
        shop.run(shop.backplane(
                "site",
                "add",
                "one",
                "hq",
                "--leader",
                leader,
                "--host",
                "127.0.0.1",
                "--port",
                Integer.toString(port),
                "--gateway-port",
                Integer.toString(gatewayPort),
                "--state",
                state.toString(),
                "--offline",
                offline.toString()));
    }

    /** A token for nodes that reach nobody but the leader of their site. */
    void followerToken(Path out) throws IOException, InterruptedException {
        shop.run(shop.backplane(
                "token",
                "--state",
                state.toString(),
                "--offline",
                offline.toString(),
                "--customer",
                "one",
                "--site",
                "hq",
                "--out",
                out.toString()));
    }

    /** Authorities of gateway and site, as PEM files. */
    Path[] authorities() {
        return new Path[] {offline.resolve("ca.pem"), state.resolve("site-ca/one/ca.pem")};
    }

    /** Packs a folder, signs a list with it and deploys that; returns the signed list. */
    Path release(Path plugin, String version) throws IOException, InterruptedException {
        Path archive = shop.directory().resolve(plugin.getFileName() + "-" + version + ".tgz");
        String entry = shop.run(shop.backplane(
                "pack",
                plugin.toString(),
                "--out",
                archive.toString(),
                "--url",
                gateway() + "/v1/artifacts/" + archive.getFileName()));
        Path list = shop.directory().resolve("list-" + version + ".json");
        Files.writeString(list, "[" + entry.strip() + "]");
        Path signed = shop.directory().resolve("signed-" + ++serial + ".json");
        shop.run(shop.backplane(
                "sign",
                "--offline",
                offline.toString(),
                "--customer",
                "one",
                "--serial",
                Integer.toString(serial),
                "--out",
                signed.toString(),
                list.toString()));
        deploy(signed, "--artifact", archive.toString());
        return signed;
    }

    void deploy(Path signed, String... more) throws IOException, InterruptedException {
        List<String> args = new ArrayList<>(List.of("deploy", "--state", state.toString(), "--customer", "one"));
        args.addAll(List.of(more));
        args.add(signed.toString());
        shop.run(shop.backplane(args.toArray(String[]::new)));
    }

    Path everything() throws IOException, InterruptedException {
        Path out = shop.directory().resolve("events.jsonl");
        shop.run(shop.backplane("events", "--state", state.toString(), "--json"), out);
        return out;
    }

    /** Follows the events into a file from now on; a process of its own. */
    Program follow(Path into) throws IOException {
        return Program.start(
                "backplane events --follow",
                into,
                shop.environment(),
                shop.backplane("events", "--state", state.toString(), "--follow", "--json"));
    }

    List<Value.Obj> ledger() throws IOException, InterruptedException {
        String text = shop.run(shop.backplane("ledger", "--state", state.toString(), "--json"));
        List<Value.Obj> rows = new ArrayList<>();
        for (String line : text.split("\n")) {
            if (!line.isBlank()) {
                rows.add(shop.object(line));
            }
        }
        return rows;
    }

    boolean stop() throws InterruptedException {
        return program.stop(Duration.ofSeconds(20));
    }
}

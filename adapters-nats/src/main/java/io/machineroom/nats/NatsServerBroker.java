package io.machineroom.nats;

import io.machineroom.ports.PortException;
import io.machineroom.ports.broker.Broker;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.host.ProcessRunner;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Runs the stock {@code nats-server}. */
final class NatsServerBroker implements Broker {
    private static final String PROGRAM = "nats-server";
    private static final Duration LOOK = Duration.ofMillis(20);
    private static final Duration ORPHAN_GRACE = Duration.ofSeconds(5);
    private static final int TAIL = 4096;
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> OWNER_ENTERS = PosixFilePermissions.fromString("rwx------");

    private final ProcessRunner processes;
    private final JsonFormat json;
    private final List<Path> programs;
    private final boolean chosen;

    NatsServerBroker(ProcessRunner processes, JsonFormat json, List<Path> places) {
        this(places.stream().map(place -> place.resolve(PROGRAM)).toList(), processes, json, false);
    }

    private NatsServerBroker(List<Path> programs, ProcessRunner processes, JsonFormat json, boolean chosen) {
        this.chosen = chosen;
        this.processes = processes;
        this.json = json;
        this.programs = List.copyOf(programs);
    }

    @Override
    public Broker with(Path program) {
        return new NatsServerBroker(List.of(program), processes, json, true);
    }

    /** PATH, and where packages put servers, which is often not on the PATH of ordinary users. */
    static List<Path> usualPlaces() {
        List<Path> out = new ArrayList<>();
        for (String part : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)) {
            if (!part.isBlank()) {
                out.add(Path.of(part));
            }
        }
        out.addAll(List.of(Path.of("/usr/local/bin"), Path.of("/usr/local/sbin"), Path.of("/usr/sbin")));
        return out;
    }

    private Optional<Path> program() {
        return programs.stream().filter(Files::isExecutable).findFirst();
    }

    @Override
    public String missing() {
        if (program().isPresent()) {
            return "";
        }
        return chosen
                ? programs.getFirst() + " is not a program that can be run"
                : "nats-server is not on PATH: install it (Debian and Ubuntu: apt-get install nats-server),"
                        + " or use a NATS that runs elsewhere with --nats URL --creds FILE";
    }

    @Override
    public Running start(Spec spec, Duration patience) throws InterruptedException {
        Path program = program().orElseThrow(() -> new PortException.Unavailable("broker.missing", missing()));
        long deadline = System.nanoTime() + patience.toNanos();
        ProcessRunner.Child child;
        NatsServerVersion version;
        new Orphans(spec.directory()).stop(ORPHAN_GRACE);
        try {
            Files.createDirectories(spec.directory());
            version = NatsServerVersion.of(processes, program, spec.directory());
            Path config = prepare(spec, version);
            child = processes.start(new ProcessRunner.Command(
                    List.of(program.toString(), "-c", config.toString()),
                    Map.of("PATH", "/usr/bin:/bin"),
                    spec.directory(),
                    patience,
                    64 * 1024,
                    true));
        } catch (IOException e) {
            throw new PortException.Unavailable(
                    "broker.start", "the directory of the broker cannot be prepared: " + e, e);
        }
        try {
            return new NatsServerProcess(
                    child,
                    await(child, spec, deadline),
                    spec.directory(),
                    new NatsServerReload(processes, program, version));
        } catch (InterruptedException | PortException e) {
            child.stop(Duration.ofSeconds(2));
            throw e;
        }
    }

    @Override
    public void retire(Path directory) {
        try {
            new NatsStores(directory).rest();
        } catch (IOException e) {
            throw new PortException.Unavailable(
                    "broker.start", "it cannot be noted that no broker runs in " + directory + ": " + e, e);
        }
    }

    private static Path prepare(Spec spec, NatsServerVersion version) throws IOException {
        Path directory = spec.directory();
        Path config = directory.resolve(Orphans.CONFIG);
        Files.setPosixFilePermissions(directory, OWNER_ENTERS);
        Files.createDirectories(NatsServerConfig.accounts(directory));
        try (var old = Files.newDirectoryStream(directory, "*.ports")) {
            for (Path file : old) {
                Files.delete(file);
            }
        }
        new NatsStores(directory).use(NatsServerConfig.store(spec).getFileName().toString());
        write(config, NatsServerConfig.render(spec, version));
        return config;
    }

    /** As a whole, for nobody else to read. */
    static void write(Path file, String text) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        Files.createFile(fresh, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        Files.writeString(fresh, text);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Waits for the ports file, which the server writes when it listens, and then for a connection. */
    private URI await(ProcessRunner.Child child, Spec spec, long deadline) throws InterruptedException {
        while (System.nanoTime() < deadline) {
            Optional<URI> url = url(child, spec);
            if (url.isPresent() && takesConnections(url.get())) {
                return url.get();
            }
            if (child.await(LOOK)) {
                throw new PortException.Unavailable("broker.start", "nats-server ended at once:\n" + tail(child, spec));
            }
        }
        throw new PortException.Unavailable("broker.start", "nats-server takes no connections:\n" + tail(child, spec));
    }

    private Optional<URI> url(ProcessRunner.Child child, Spec spec) {
        Path file = spec.directory().resolve(PROGRAM + "_" + child.pid() + ".ports");
        try {
            if (Files.exists(file) && json.read(Files.readAllBytes(file)) instanceof Value.Obj ports) {
                return ports.texts("nats").stream().findFirst().map(listening -> local(spec, URI.create(listening)));
            }
            return Optional.empty();
        } catch (IOException | PortException.Refused e) {
            // not written to its end yet
            return Optional.empty();
        }
    }

    private static URI local(Spec spec, URI listening) {
        String host = spec.host().equals("0.0.0.0") || spec.host().equals("::") ? "127.0.0.1" : spec.host();
        return URI.create("tls://" + host + ":" + listening.getPort());
    }

    private static boolean takesConnections(URI url) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(url.getHost(), url.getPort()), 500);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static String tail(ProcessRunner.Child child, Spec spec) {
        return (child.tail() + "\n" + logTail(NatsServerConfig.log(spec.directory()))).strip();
    }

    private static String logTail(Path log) {
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            byte[] last = new byte[(int) Math.min(TAIL, file.length())];
            file.seek(file.length() - last.length);
            file.readFully(last);
            return new String(last, StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "(no log: " + e.getMessage() + ")";
        }
    }
}

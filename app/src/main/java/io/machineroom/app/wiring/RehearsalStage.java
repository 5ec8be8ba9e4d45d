package io.machineroom.app.wiring;

import dagger.Lazy;
import io.machineroom.app.graph.Rehearsal;
import io.machineroom.app.host.LocalFileTree;
import io.machineroom.app.host.RehearsalBroker;
import io.machineroom.domain.provisioning.Enrolment;
import io.machineroom.domain.provisioning.EnrolmentStore;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Secret;
import io.machineroom.ports.runtime.TimeSource;
import io.machineroom.ports.security.CertificateIssuer;
import io.machineroom.ports.security.KeyRole;
import io.machineroom.ports.security.TlsContexts;
import io.machineroom.ports.security.VerifyKey;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An enrolment that nobody issued, with a certificate authority that lives as long as the rehearsal. */
final class RehearsalStage implements Rehearsal {
    private static final Duration VALIDITY = Duration.ofDays(1);
    private static final String HOST = "127.0.0.1";
    private static final String NAME = "rehearsal";
    /** A machine, because the agents of real nodes have some. */
    private static final String MACHINE = """
            name: rehearsal
            version: 1.0.0
            initial_state: waiting
            transitions:
              - name: go_on
                from: [waiting]
                destination: done
            watchers:
              - name: soon
                type: timer
                state_match: [waiting]
                fail_transition: go_on
                properties:
                  timer: 1s
            """;

    private final Books books;
    private final Lazy<CertificateIssuer> certificates;
    private final TlsContexts tls;
    private final TimeSource time;

    RehearsalStage(Books books, Lazy<CertificateIssuer> certificates, TlsContexts tls, TimeSource time) {
        this.books = books;
        this.certificates = certificates;
        this.tls = tls;
        this.time = time;
    }

    @Override
    public Stage serve(Path server) {
        String pin = certificates.get().makeAuthority(server, NAME, VALIDITY);
        certificates.get().issueServer(server, server, List.of(HOST), VALIDITY);
        RehearsalBroker broker =
                RehearsalBroker.open(tls.server(server.resolve("server.pem"), server.resolve("server.key")));
        String address = "tls://" + HOST + ":" + broker.port() + "\n" + pin + "\n";
        new LocalFileTree(server).replace(ADDRESS, address.getBytes(StandardCharsets.UTF_8), 0600);
        return broker::close;
    }

    @Override
    public void enrol(Path directory, Path server) {
        List<String> address = new LocalFileTree(server)
                .read(ADDRESS, 64 << 10)
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8).lines().toList())
                .filter(lines -> lines.size() == 2)
                .orElseThrow(() -> new PortException.Refused("rehearsal.server", "there is no server in " + server));
        LocalFileTree files = new LocalFileTree(directory);
        new EnrolmentStore(files, books.json(), books.signatures(), books.keyring())
                .save(enrolment(URI.create(address.getFirst()), address.getLast()));
        files.replace("machines/rehearsal/machine.yaml", MACHINE.getBytes(StandardCharsets.UTF_8), 0600);
    }

    private Enrolment enrolment(URI server, String pin) {
        VerifyKey.Ed25519 key = books.keyring().ensure(KeyRole.IDENTITY);
        books.keyring().ensure(KeyRole.NATS_USER);
        return new Enrolment(
                NAME,
                key,
                books.keyring().publicNkey(KeyRole.NATS_USER).orElseThrow(),
                NAME,
                "",
                Secret.of(NAME),
                Map.of(),
                key,
                0,
                Secret.of(NAME),
                List.of(server),
                // nobody listens there; an agent without NATS learns that much
                List.of(URI.create("https://" + HOST + ":9")),
                List.of(pin),
                time.wall().getEpochSecond(),
                Optional.empty());
    }
}

package io.machineroom.domain.replication;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.host.FileTree;
import io.machineroom.ports.security.CertificateIssuer;
import io.machineroom.ports.transport.Link;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The certificate of a site's broker and gateway: {@code tls/server.key}, which never leaves the leader, {@code tls/server.pem} as
 * the backplane signed it, and {@code tls/ca.pem} cut from that. One task changes it.
 */
final class SiteCertificate {
    static final String DIRECTORY = "tls";

    private static final String CHAIN = DIRECTORY + "/server.pem";
    private static final String CA = DIRECTORY + "/ca.pem";
    private static final String OWNER = DIRECTORY + "/owner";
    private static final String END = "-----END CERTIFICATE-----";
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    /** What the backplane gives, and a third of it. */
    private static final Duration VALIDITY = Duration.ofDays(90);

    private static final int MAX_BYTES = 1 << 16;

    private final FileTree files;
    private final Supplier<CertificateIssuer> certificates;
    private final JsonFormat json;
    private final byte[] whose;

    /**
     * The certificate of a site.
     *
     * @param whose site and host; one of another site or host counts as none
     */
    SiteCertificate(FileTree files, Supplier<CertificateIssuer> certificates, JsonFormat json, String whose) {
        this.files = files;
        this.certificates = certificates;
        this.json = json;
        this.whose = whose.getBytes(StandardCharsets.UTF_8);
    }

    Path chain() {
        return files.path(CHAIN);
    }

    Path ca() {
        return files.path(CA);
    }

    Path key() {
        return files.path(DIRECTORY + "/server.key");
    }

    /**
     * The pin of the site's CA.
     *
     * @throws PortException.Refused {@code tls.unreadable}
     */
    String caPin() {
        return certificates.get().pin(files.path(CA));
    }

    /** Until when it is good; empty when there is none that can be used. */
    Optional<Instant> expires() {
        boolean ours = files.read(OWNER, MAX_BYTES)
                .map(text -> Arrays.equals(text, whose))
                .orElse(false);
        if (!ours || files.info(CHAIN).isEmpty() || files.info(CA).isEmpty()) {
            return Optional.empty();
        }
        try {
            List<Instant> all = certificates.get().expires(chain());
            return all.stream().min(Instant::compareTo);
        } catch (PortException.Refused unreadable) {
            return Optional.empty();
        }
    }

    /** Whether it is time for the next one: a third of its life, or less, is left. */
    boolean isDue(Instant now) {
        return expires()
                .map(end -> !now.plus(VALIDITY.dividedBy(3)).isBefore(end))
                .orElse(true);
    }

    /**
     * Asks the backplane for a certificate and takes it over.
     *
     * @param gateway a link with the leader's session
     * @param host name of the site
     * @throws PortException.Unavailable when nobody answers
     * @throws PortException.Refused what the backplane says, or {@code site.certificate} when the answer is none
     */
    void ask(Link gateway, String host) throws InterruptedException {
        files.makeDirectory(DIRECTORY, 0700);
        String request = certificates.get().request(files.path(DIRECTORY), host);
        byte[] answer =
                gateway.request("site/certificate", json.write(Value.obj("request", Value.text(request))), PATIENCE);
        String chain = json.read(answer, MAX_BYTES) instanceof Value.Obj object
                ? object.text("chain").orElse("")
                : "";
        int first = chain.indexOf(END);
        if (first < 0 || chain.indexOf(END, first + 1) < 0) {
            throw new PortException.Refused("site.certificate", "the answer holds no certificate with its CA");
        }
        certificates.get().install(files.path(DIRECTORY), chain);
        String ca = chain.substring(first + END.length()).strip() + "\n";
        files.replace(CA, ca.getBytes(StandardCharsets.US_ASCII), 0600);
        files.replace(OWNER, whose, 0600);
    }
}

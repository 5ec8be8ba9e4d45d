package io.machineroom.ports.security;

import io.machineroom.ports.Port;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Makes X.509 certificates: P-256 keys, random serials. Files are written whole with mode 0600. */
@Port
public interface CertificateIssuer {
    /** Makes a CA in a directory ({@code ca.pem}, {@code ca.key}) and returns its pin. */
    String makeAuthority(Path directory, String name, Duration validity);

    /** Makes a server key and certificate signed by the CA: {@code server.pem} (chain), {@code server.key}. */
    void issueServer(Path authorityDirectory, Path into, List<String> namesAndAddresses, Duration validity);

    /**
     * The pin of a CA certificate.
     *
     * @throws io.machineroom.ports.PortException.Refused {@code tls.unreadable}
     */
    String pin(Path certificatePem);

    /**
     * Until when the certificates of a file are good, in their order.
     *
     * @throws io.machineroom.ports.PortException.Refused {@code tls.unreadable}
     */
    List<Instant> expires(Path certificatesPem);
}

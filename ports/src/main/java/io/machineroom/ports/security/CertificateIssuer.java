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

    /**
     * Asks for a server certificate: makes {@code server.key} in the directory when it is not there, and keeps it when it is.
     *
     * @param directory made when missing
     * @param name common name of the request; whoever signs may ignore it
     * @return PEM of a PKCS #10 request for that key, signed with it
     * @throws io.machineroom.ports.PortException.Refused {@code tls.unreadable} when {@code server.key} is no P-256 key
     */
    String request(Path directory, String name);

    /**
     * Signs somebody's request as a CA. Of the request only the public key is used, and only once its signature has shown that
     * the asker has the private half. The certificate is good for a server and for a client: brokers of one site are both to each
     * other.
     *
     * @param authorityDirectory as {@link #makeAuthority} left it
     * @param requestPem PKCS #10, at most 16 KiB, P-256
     * @param namesAndAddresses who the certificate is for, at least one
     * @return PEM: the server certificate, then the CA's
     * @throws io.machineroom.ports.PortException.Refused {@code site.request} when the request cannot be read, is not for a P-256
     *     key or is badly signed; {@code tls.unreadable} when the CA cannot be read
     */
    String sign(Path authorityDirectory, String requestPem, List<String> namesAndAddresses, Duration validity);

    /**
     * Takes over what {@link #sign} gave: replaces {@code server.pem} in one step. Nothing is changed when it is refused.
     *
     * @param directory with the {@code server.key} that the request was made for
     * @param chainPem the server certificate first, each signed by the next
     * @throws io.machineroom.ports.PortException.Refused {@code tls.unreadable} when the chain is none, or not of that key
     */
    void install(Path directory, String chainPem);
}

package io.machineroom.ports.security;

import java.nio.file.Path;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/** Makes a client's TLS context from PEM files, for servers that are not ours. Safe from any task. */
@FunctionalInterface
public interface FileTls {
    /**
     * A context that checks certificate and host name, whoever uses it.
     *
     * @param ca authorities to trust; empty: those of the system
     * @param certificate our own chain; empty: none
     * @param key its PKCS#8 key; given with the certificate only
     * @throws io.machineroom.ports.PortException.Refused {@code tls.unreadable}
     */
    SSLContext client(Optional<Path> ca, Optional<Path> certificate, Optional<Path> key);
}

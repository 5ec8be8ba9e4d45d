package io.machineroom.ports.security;

import io.machineroom.ports.Port;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;

/** Makes TLS contexts; TLS 1.2 and newer. Safe from any task. */
@Port
public interface TlsContexts {
    /** A client's context that judges by the policy; host names are always checked. */
    SSLContext client(TrustPolicy policy);

    /**
     * A server's context.
     *
     * @param certificateChain PEM: server certificate, then its CA
     * @param privateKey PEM: PKCS#8
     * @throws io.machineroom.ports.PortException.Refused {@code tls.unreadable}
     */
    SSLContext server(Path certificateChain, Path privateKey);
}

package io.machineroom.domain.replication.copy;

import io.machineroom.domain.replication.config.ChoriaFiles;
import io.machineroom.domain.replication.config.ServerList;
import io.machineroom.domain.replication.config.Side;
import io.machineroom.domain.replication.config.TlsFiles;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Secret;
import io.machineroom.ports.host.HostFiles;
import io.machineroom.ports.replica.HostAddress;
import io.machineroom.ports.replica.HostLogin;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/** Makes addresses of what the configuration says. Files are read anew for each connection, so that they can be replaced. */
public final class Places {
    private static final int MAX_BYTES = 256 * 1024;

    private final HostFiles files;

    public Places(HostFiles files) {
        this.files = files;
    }

    /**
     * The address of a side.
     *
     * @throws PortException.Refused {@code link.url}, {@code link.credentials}
     */
    public HostAddress of(Side side, String clientName) {
        ServerList servers = ServerList.parse(side.urls());
        if (servers.urls().isEmpty()) {
            throw new PortException.Refused("link.url", "there is no URL to connect to");
        }
        return new HostAddress(
                servers.urls(), login(side, servers), tls(side, servers), clientName, servers.connectTimeout());
    }

    private HostLogin login(Side side, ServerList servers) {
        Optional<String> credentials = servers.file("credentials");
        if (credentials.isPresent()) {
            return new HostLogin.Credentials(secret(Path.of(credentials.get())));
        }
        Optional<String> jwt = servers.file("jwt");
        Optional<String> nkey = servers.file("nkey");
        if (jwt.isPresent() && nkey.isPresent()) {
            return new HostLogin.JwtAndSeed(secret(Path.of(jwt.get())), secret(Path.of(nkey.get())));
        }
        if (side.choria().isPresent()) {
            ChoriaFiles choria = side.choria().get();
            return new HostLogin.Choria(secret(choria.jwt()), secret(choria.seed()), "");
        }
        int colon = servers.user().indexOf(':');
        if (colon >= 0) {
            return new HostLogin.UserPassword(
                    servers.user().substring(0, colon), Secret.of(servers.user().substring(colon + 1)));
        }
        return servers.user().isEmpty() ? new HostLogin.Anonymous() : new HostLogin.Token(Secret.of(servers.user()));
    }

    private static HostAddress.Tls tls(Side side, ServerList servers) {
        TlsFiles tls = side.tls().orElseGet(() -> new TlsFiles(Optional.empty(), Optional.empty(), Optional.empty()));
        boolean required = tls.isSet()
                || servers.insecure()
                || side.choria().isPresent()
                || servers.urls().stream().anyMatch(u -> u.getScheme().equals("tls"));
        boolean first = servers.tlsFirst(side.tls().isPresent());
        return new HostAddress.Tls(tls.ca(), tls.certificate(), tls.key(), first, required || first);
    }

    private Secret secret(Path file) {
        byte[] content = files.read(file, MAX_BYTES)
                .orElseThrow(
                        () -> new PortException.Refused("link.credentials", "the file " + file + " cannot be read"));
        return Secret.of(new String(content, StandardCharsets.UTF_8).strip());
    }
}

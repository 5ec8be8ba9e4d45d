package io.machineroom.app.wiring;

import io.machineroom.app.config.Config;
import io.machineroom.app.config.ConfigValues;
import io.machineroom.app.config.NoProxy;
import io.machineroom.ports.PortException;
import io.machineroom.ports.artifact.ArtifactStore;
import io.machineroom.ports.data.Secret;
import io.machineroom.ports.host.FileTree;
import io.machineroom.ports.host.HostFiles;
import io.machineroom.ports.transport.HttpsProxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The proxy of the settings. Its login is read anew for each connection, so that a changed password needs no restart; it
 * is in no setting, no log and no status.
 */
final class ProxyFromConfig implements HttpsProxy {
    private static final int MAX_BYTES = 4096;
    private static final int OTHERS = 0077;

    private final Optional<Map.Entry<String, Integer>> address;
    private final Optional<Path> credentials;
    private final NoProxy spared;
    private final HostFiles files;

    ProxyFromConfig(Config config, HostFiles files) {
        this.address = config.text("link.https_proxy").flatMap(ConfigValues::hostPort);
        this.credentials =
                config.text("link.https_proxy_credentials").map(name -> config.path("link.https_proxy_credentials"));
        this.spared = NoProxy.parse(config.text("link.no_proxy").orElse(""));
        this.files = files;
    }

    @Override
    public Optional<Way> way() {
        return address.map(at -> new Way(at.getKey(), at.getValue(), credentials.map(this::login), spared));
    }

    private ArtifactStore.Login login(Path file) {
        FileTree.Info info = files.info(file).orElseThrow(() -> wrong(file + " cannot be read"));
        if ((info.mode() & OTHERS) != 0) {
            throw wrong(file + " can be read by others; chmod 600 it");
        }
        String line = new String(
                        files.read(file, MAX_BYTES).orElseThrow(() -> wrong(file + " cannot be read")),
                        StandardCharsets.UTF_8)
                .strip();
        int colon = line.indexOf(':');
        if (colon < 1 || line.chars().anyMatch(c -> c < ' ')) {
            throw wrong(file + " is not one line user:password");
        }
        return new ArtifactStore.Login(line.substring(0, colon), Secret.of(line.substring(colon + 1)));
    }

    private static PortException.Unavailable wrong(String what) {
        return new PortException.Unavailable("proxy.credentials", what);
    }
}

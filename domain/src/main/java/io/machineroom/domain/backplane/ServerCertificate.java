package io.machineroom.domain.backplane;

import io.machineroom.ports.PortException;
import io.machineroom.ports.host.FileTree;
import io.machineroom.ports.security.TlsContexts;
import java.nio.file.Path;

/**
 * Certificate and key of gateway and broker, {@code tls/}. A renewed pair is put beside it first; the rename of that
 * directory is the commit, so that a crash never leaves the certificate of one with the key of another.
 */
public final class ServerCertificate {
    /** The certificate, then its CA. */
    static final String CHAIN = "tls/server.pem";
    /** Its key. */
    static final String KEY = "tls/server.key";

    private static final String STAGED = "tls.staged";
    private static final String NEXT = "tls.next";
    private static final int MAX_BYTES = 1 << 16;

    private final FileTree files;

    /**
     * The pair of a state directory.
     *
     * @param files the state directory
     */
    public ServerCertificate(FileTree files) {
        this.files = files;
    }

    /** An empty directory for {@code server.pem} and {@code server.key}. */
    public Path stage() {
        files.delete(STAGED);
        files.makeDirectory(STAGED, 0700);
        return files.path(STAGED);
    }

    /**
     * Puts what is staged in force.
     *
     * @throws PortException.Refused {@code renew.certificate} when nothing is staged, {@code tls.unreadable} when the
     *     files do not belong together
     */
    public void commit(TlsContexts tls) {
        if (files.info(STAGED + "/server.pem").isEmpty()) {
            throw new PortException.Refused("renew.certificate", "there is no renewed certificate; run renew again");
        }
        tls.server(files.path(STAGED + "/server.pem"), files.path(STAGED + "/server.key"));
        files.sync(STAGED);
        files.delete(NEXT);
        files.rename(STAGED, NEXT);
        finish();
    }

    /** Brings a commit to its end that a crash cut short. */
    public void finish() {
        if (files.info(NEXT).isEmpty()) {
            return;
        }
        take("server.key", KEY);
        take("server.pem", CHAIN);
        files.delete(NEXT);
    }

    private void take(String name, String to) {
        files.read(NEXT + "/" + name, MAX_BYTES).ifPresent(content -> files.replace(to, content, 0600));
    }
}

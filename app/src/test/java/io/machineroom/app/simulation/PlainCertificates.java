package io.machineroom.app.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.machineroom.ports.PortException;
import io.machineroom.ports.host.FileTree;
import io.machineroom.ports.security.CertificateIssuer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Certificates as text in the shape of PEM: in this world trust is the pin of the authority, and nothing else is checked.
 * Files are written through the directory's {@link FileTree}, so that a power cut leaves the one or the other.
 */
record PlainCertificates(Box box) implements CertificateIssuer {
    private static final String END = "-----END CERTIFICATE-----";

    @Override
    public String makeAuthority(Path directory, String name, Duration validity) {
        write(directory, "ca.pem", certificate(name + " " + box.entropy().hex(16), validity));
        return pin(directory.resolve("ca.pem"));
    }

    @Override
    public void issueServer(Path authorityDirectory, Path into, List<String> namesAndAddresses, Duration validity) {
        write(into, "server.pem", certificate(String.join(" ", namesAndAddresses), validity));
        write(into, "server.key", "key " + box.entropy().hex(16));
    }

    private String certificate(String content, Duration validity) {
        return "-----BEGIN CERTIFICATE-----\n" + content + "\n"
                + box.clock().wall().plus(validity) + "\n" + END + "\n";
    }

    @Override
    public String pin(Path certificatePem) {
        return box.signatures().sha256(text(certificatePem).strip().getBytes(UTF_8));
    }

    @Override
    public List<Instant> expires(Path certificatesPem) {
        List<Instant> out = new ArrayList<>();
        String[] lines = text(certificatesPem).split("\n", -1);
        for (int i = 1; i < lines.length; i++) {
            if (lines[i].equals(END)) {
                out.add(Instant.parse(lines[i - 1]));
            }
        }
        if (out.isEmpty()) {
            throw new PortException.Refused("tls.unreadable", certificatesPem + " holds no certificate");
        }
        return out;
    }

    @Override
    public String request(Path directory, String name) {
        Path key = directory.resolve("server.key");
        if (box.disk().content(key).isEmpty()) {
            write(directory, "server.key", "key " + box.entropy().hex(16));
        }
        return "request " + box.signatures().sha256(text(key).getBytes(UTF_8));
    }

    @Override
    public String sign(Path authorityDirectory, String requestPem, List<String> namesAndAddresses, Duration validity) {
        if (!requestPem.startsWith("request ")) {
            throw new PortException.Refused("site.request", "this is no request");
        }
        return certificate(String.join(" ", namesAndAddresses) + " " + requestPem, validity)
                + text(authorityDirectory.resolve("ca.pem"));
    }

    @Override
    public void install(Path directory, String chainPem) {
        if (!chainPem.contains(request(directory, ""))) {
            throw new PortException.Refused("tls.unreadable", "this is the certificate of another key");
        }
        write(directory, "server.pem", chainPem);
    }

    private void write(Path directory, String name, String text) {
        box.tree(directory).replace(name, text.getBytes(UTF_8), 0600);
    }

    private String text(Path file) {
        return new String(
                box.disk()
                        .content(file)
                        .orElseThrow(() -> new PortException.Refused("tls.unreadable", "there is none")),
                UTF_8);
    }
}

package io.machineroom.domain.replication;

import io.machineroom.ports.PortException;
import io.machineroom.ports.host.FileTree;
import io.machineroom.ports.runtime.TimeSource;
import io.machineroom.ports.security.CertificateIssuer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Certificates that are words on paper: who signs is not the matter of these tests, when and where files lie is. */
final class PaperCertificates implements CertificateIssuer {
    private static final String BEGIN = "-----BEGIN CERTIFICATE-----\n";
    private static final String END = "\n-----END CERTIFICATE-----\n";

    private final FileTree files;
    private final TimeSource time;
    int signed;

    PaperCertificates(FileTree files, TimeSource time) {
        this.files = files;
        this.time = time;
    }

    private String name(Path path) {
        return files.root().relativize(path).toString();
    }

    private String text(Path path) {
        return files.read(name(path), 1 << 16)
                .map(b -> new String(b, StandardCharsets.UTF_8))
                .orElseThrow(() -> new PortException.Refused("tls.unreadable", "no " + path));
    }

    private void write(String name, String text) {
        files.replace(name, text.getBytes(StandardCharsets.UTF_8), 0600);
    }

    @Override
    public String makeAuthority(Path directory, String name, Duration validity) {
        throw new IllegalStateException("no authority here");
    }

    @Override
    public void issueServer(Path authorityDirectory, Path into, List<String> names, Duration validity) {
        throw new IllegalStateException("no authority here");
    }

    @Override
    public String pin(Path certificatePem) {
        return text(certificatePem).contains("site-ca") ? SiteWorld.SITE_PIN : "00".repeat(32);
    }

    @Override
    public List<Instant> expires(Path certificatesPem) {
        return text(certificatesPem)
                .lines()
                .filter(l -> l.startsWith("until "))
                .map(l -> Instant.parse(l.substring(6)))
                .toList();
    }

    @Override
    public String request(Path directory, String name) {
        write(name(directory) + "/server.key", "key");
        return "request of " + name;
    }

    @Override
    public String sign(Path authorityDirectory, String requestPem, List<String> names, Duration validity) {
        signed++;
        return BEGIN + "server " + requestPem + "\nuntil " + time.wall().plus(validity) + END + BEGIN
                + "site-ca\nuntil " + time.wall().plus(Duration.ofDays(3650)) + END;
    }

    @Override
    public void install(Path directory, String chainPem) {
        write(name(directory) + "/server.pem", chainPem);
    }
}

package io.machineroom.domain.backplane;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.machineroom.ports.PortException;
import io.machineroom.ports.host.FileTree;
import io.machineroom.ports.runtime.Entropy;
import io.machineroom.ports.runtime.TimeSource;
import io.machineroom.ports.security.CertificateIssuer;
import io.machineroom.ports.sim.SimSignatures;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Certificates as lines of text in a tree of the simulation: who signed what for which names until when. */
record TextCertificates(FileTree files, TimeSource time, Entropy entropy) implements CertificateIssuer {
    private String name(Path path) {
        return files.root().relativize(path).toString();
    }

    private byte[] content(Path path) {
        return files.read(name(path), 1 << 16)
                .orElseThrow(() -> new PortException.Refused("tls.unreadable", "there is no " + path));
    }

    @Override
    public String makeAuthority(Path directory, String name, Duration validity) {
        String text = name + " " + entropy.hex(16) + " " + time.wall().plus(validity);
        files.replace(name(directory.resolve("ca.pem")), text.getBytes(UTF_8), 0600);
        return pin(directory.resolve("ca.pem"));
    }

    @Override
    public void issueServer(Path authorityDirectory, Path into, List<String> namesAndAddresses, Duration validity) {
        throw new UnsupportedOperationException("nobody serves here");
    }

    @Override
    public String pin(Path certificatePem) {
        return new SimSignatures().sha256(content(certificatePem));
    }

    @Override
    public List<Instant> expires(Path certificatesPem) {
        String text = new String(content(certificatesPem), UTF_8);
        return List.of(Instant.parse(text.substring(text.lastIndexOf(' ') + 1)));
    }

    @Override
    public String request(Path directory, String name) {
        return "request " + name;
    }

    @Override
    public String sign(Path authorityDirectory, String requestPem, List<String> namesAndAddresses, Duration validity) {
        if (!requestPem.startsWith("request ")) {
            throw new PortException.Refused("site.request", "this is no request");
        }
        return "for " + String.join(",", namesAndAddresses) + " by " + pin(authorityDirectory.resolve("ca.pem"))
                + " until " + time.wall().plus(validity);
    }

    @Override
    public void install(Path directory, String chainPem) {
        throw new UnsupportedOperationException("nobody serves here");
    }
}

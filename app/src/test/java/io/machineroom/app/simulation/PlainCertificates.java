package io.machineroom.app.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.machineroom.ports.PortException;
import io.machineroom.ports.security.CertificateIssuer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Certificates as lines of text: in this world trust is the pin of the authority, and nothing else is checked. */
record PlainCertificates(Box box) implements CertificateIssuer {
    @Override
    public String makeAuthority(Path directory, String name, Duration validity) {
        String text = name + " " + box.entropy().hex(16) + " " + until(validity);
        box.disk().put(directory.resolve("ca.pem"), text.getBytes(UTF_8));
        return pin(directory.resolve("ca.pem"));
    }

    @Override
    public void issueServer(Path authorityDirectory, Path into, List<String> namesAndAddresses, Duration validity) {
        byte[] text = (String.join(" ", namesAndAddresses) + " " + until(validity)).getBytes(UTF_8);
        box.disk().put(into.resolve("server.pem"), text);
        box.disk().put(into.resolve("server.key"), text);
    }

    @Override
    public String pin(Path certificatePem) {
        return box.signatures().sha256(content(certificatePem));
    }

    @Override
    public List<Instant> expires(Path certificatesPem) {
        String text = new String(content(certificatesPem), UTF_8);
        return List.of(Instant.parse(text.substring(text.lastIndexOf(' ') + 1)));
    }

    @Override
    public String request(Path directory, String name) {
        Path key = directory.resolve("server.key");
        if (box.disk().content(key).isEmpty()) {
            box.disk().put(key, ("key " + box.entropy().hex(16)).getBytes(UTF_8));
        }
        return "request " + box.signatures().sha256(content(key));
    }

    @Override
    public String sign(Path authorityDirectory, String requestPem, List<String> namesAndAddresses, Duration validity) {
        if (!requestPem.startsWith("request ")) {
            throw new PortException.Refused("site.request", "this is no request");
        }
        return String.join(" ", namesAndAddresses) + " " + requestPem + " " + pin(authorityDirectory.resolve("ca.pem"))
                + " " + until(validity);
    }

    @Override
    public void install(Path directory, String chainPem) {
        if (!chainPem.contains(request(directory, ""))) {
            throw new PortException.Refused("tls.unreadable", "this is the certificate of another key");
        }
        box.disk().put(directory.resolve("server.pem"), chainPem.getBytes(UTF_8));
    }

    private Instant until(Duration validity) {
        return box.clock().wall().plus(validity);
    }

    private byte[] content(Path file) {
        return box.disk().content(file).orElseThrow(() -> new PortException.Refused("tls.unreadable", "there is none"));
    }
}

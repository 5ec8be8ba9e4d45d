package io.machineroom.app.backplane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.machineroom.ports.data.Value;
import io.machineroom.ports.transport.Link;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What expires is renewed, and nodes need no change. */
final class RenewalIT extends BackplaneStage {
    private String[] renewal(Path offline) {
        return new String[] {"renew", "--state", backplane.state.toString(), "--offline", offline.toString()};
    }

    private static Certificate served(TestNode node) throws Exception {
        HttpResponse<byte[]> answer = node.http("GET", "/v1/time", new byte[0]);
        return answer.sslSession().orElseThrow().getPeerCertificates()[0];
    }

    @Test
    void renewsIssuerAndCertificateWhileItRunsAndNodesNeedNoChange() throws Exception {
        TestNode node = enrolled("acme", "n1");
        Certificate first = served(node);
        String issuer = Files.readString(backplane.state.resolve("issuer.jwt"));
        backplane.command(renewal(backplane.offline));
        assertNotEquals(issuer, Files.readString(backplane.state.resolve("issuer.jwt")));
        TestNode later = enrolled("acme", "n2");
        assertNotEquals(first, served(later));
        try (Link link = node.nats()) {
            append(link, node.deliveries(1, 10));
        }
        String before = node.answer().text("server_jwt").orElseThrow();
        Value.Obj renewed = enrolled("acme", "n3").renew();
        assertNotEquals(before, renewed.text("server_jwt").orElseThrow());
        RunningBackplane other = new RunningBackplane(Files.createDirectory(directory.resolve("other"))).init("acme");
        assertEquals(77, backplane.exitOf(renewal(other.offline)));
        assertEquals(65, backplane.exitOf(renewal(directory.resolve("nowhere"))));
    }

    @Test
    void renewsWhileItIsStopped() throws Exception {
        byte[] first = Files.readAllBytes(backplane.state.resolve("tls").resolve("server.pem"));
        backplane.stop();
        backplane.command(renewal(backplane.offline));
        assertFalse(Arrays.equals(
                first, Files.readAllBytes(backplane.state.resolve("tls").resolve("server.pem"))));
        backplane.start();
        enrolled("acme", "n1").nats().close();
    }
}

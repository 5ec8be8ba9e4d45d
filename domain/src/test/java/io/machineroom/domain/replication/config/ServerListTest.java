package io.machineroom.domain.replication.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The rows URL-* of the behaviours, and the rules around them. */
final class ServerListTest {
    @Test
    void readsAListWithAndWithoutSchemeAndPort() {
        assertEquals(
                List.of(URI.create("nats://a:4222"), URI.create("tls://b:1"), URI.create("nats://c:7")),
                ServerList.parse("a, tls://b:1 ,nats://u:p@c:7?connect_timeout=3s")
                        .urls());
    }

    @Test
    void url01AndUrl02TlsFirstNeedsTlsSettings() {
        ServerList list = ServerList.parse("nats://a?tls_handshake_first=true");
        assertTrue(list.tlsFirst(true));
        assertFalse(list.tlsFirst(false), "without settings for TLS it is not asked for");
    }

    @Test
    void url02AndUrl03TlsFirstIsOffUnlessTheUrlSaysSo() {
        assertFalse(ServerList.parse("nats://a").tlsFirst(true));
        assertFalse(ServerList.parse("nats://a?tls_handshake_first=false").tlsFirst(true));
        assertFalse(ServerList.parse("nats://a?tls_handshake_first=maybe").tlsFirst(true));
        assertFalse(ServerList.parse("nats://a?connect_timeout=3s").tlsFirst(true));
    }

    @Test
    void url04InsecureIsSeen() {
        assertTrue(ServerList.parse("nats://a?insecure=true").insecure());
        assertFalse(ServerList.parse("nats://a?insecure=false").insecure());
    }

    @Test
    void connectTimeoutsThatCannotBeParsedAreIgnored() {
        assertEquals(
                Duration.ofSeconds(9),
                ServerList.parse("nats://a?connect_timeout=9s").connectTimeout());
        assertEquals(
                Duration.ofSeconds(5),
                ServerList.parse("nats://a?connect_timeout=soon").connectTimeout());
    }

    @Test
    void theFirstUrlWithCredentialsDecides() {
        ServerList list = ServerList.parse(
                "nats://a?connect_timeout=1s,nats://b?credentials=%2Fone.creds,nats://c?credentials=/two&insecure=true");
        assertEquals(Optional.of("/one.creds"), list.file("credentials"));
        assertEquals(Duration.ofSeconds(1), list.connectTimeout());
        assertFalse(list.insecure());
    }

    @Test
    void saysWhatIsNoUrlWithoutQuotingIt() {
        ServerList list = ServerList.parse("http://secret:password@a,ws://b");
        assertEquals(2, list.problems().size());
        assertFalse(list.problems().toString().contains("password"));
    }

    @Test
    void keepsThePasswordOutOfItsText() {
        assertFalse(ServerList.parse("nats://u:hidden@a").toString().contains("hidden"));
    }
}

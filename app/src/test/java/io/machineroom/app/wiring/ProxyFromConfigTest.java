package io.machineroom.app.wiring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.app.config.Config;
import io.machineroom.app.config.ConfigException;
import io.machineroom.app.config.ConfigLoader;
import io.machineroom.app.host.LocalHostFiles;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Secret;
import io.machineroom.ports.transport.HttpsProxy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProxyFromConfigTest {
    @TempDir
    Path directory;

    private Config config(String... lines) throws IOException {
        Path file = Files.writeString(directory.resolve("machine-room.conf"), String.join("\n", lines) + "\n");
        return new ConfigLoader(Map.of(), Map.of()).load(file, Map.of());
    }

    private HttpsProxy proxy(String... lines) throws IOException {
        return new ProxyFromConfig(config(lines), new LocalHostFiles());
    }

    private void login(String text, String mode) throws IOException {
        Path file = Files.writeString(directory.resolve("proxy.login"), text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }

    @Test
    void isNoneUnlessSet() throws IOException {
        assertEquals(Optional.empty(), proxy().way());
    }

    @Test
    void readsItsLoginAnewEachTime() throws IOException {
        HttpsProxy proxy =
                proxy("link.https_proxy = http://way-out.example:8080", "link.https_proxy_credentials = proxy.login");
        login("site:a:b\n", "rw-------");
        HttpsProxy.Way way = proxy.way().orElseThrow();
        assertEquals("way-out.example:8080", way.host() + ":" + way.port());
        assertEquals("site", way.login().orElseThrow().user());
        assertEquals(Secret.of("a:b"), way.login().orElseThrow().password());
        assertFalse(way.toString().contains("a:b"));
        login("site:new", "rw-------");
        assertEquals(
                Secret.of("new"),
                proxy.way().orElseThrow().login().orElseThrow().password());
    }

    @Test
    void sparesWhatTheSettingsSay() throws IOException {
        HttpsProxy proxy =
                proxy("link.https_proxy = http://way-out.example:8080", "link.no_proxy = .plant, 10.0.0.0/8");
        HttpsProxy.Way way = proxy.way().orElseThrow();
        assertTrue(way.spared().test(java.net.URI.create("https://leader.plant:9223")));
        assertTrue(way.spared().test(java.net.URI.create("https://10.1.1.1:9223")));
        assertFalse(way.spared().test(java.net.URI.create("https://saas.example")));
    }

    @Test
    void refusesALoginThatOthersCanReadOrThatIsNone() throws IOException {
        HttpsProxy proxy =
                proxy("link.https_proxy = http://way-out.example:8080", "link.https_proxy_credentials = proxy.login");
        assertEquals("proxy.credentials", code(proxy));
        login("site:secret", "rw-r--r--");
        assertEquals("proxy.credentials", code(proxy));
        login("secret", "rw-------");
        assertEquals("proxy.credentials", code(proxy));
    }

    private static String code(HttpsProxy proxy) {
        PortException.Unavailable failure = assertThrows(PortException.Unavailable.class, proxy::way);
        assertFalse(String.valueOf(failure).contains("secret"));
        return failure.code();
    }

    @Test
    void aUrlWithAPasswordIsRefusedWithoutRepeatingIt() {
        for (String url : new String[] {
            "http://me:s3cret@proxy:3128", "proxy:3128", "https://proxy:3128", "http://proxy", "http://proxy:99999"
        }) {
            ConfigException refused =
                    assertThrows(ConfigException.class, () -> config("link.https_proxy = " + url), url);
            assertTrue(String.valueOf(refused.getMessage()).contains("http://host:port"));
            assertFalse(String.valueOf(refused.getMessage()).contains("s3cret"));
        }
    }
}

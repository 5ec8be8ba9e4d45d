package io.machineroom.app.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code link.no_proxy} spares, as other programs read {@code NO_PROXY}. */
final class NoProxyTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | https://a.example | false",
                "* | https://a.example | true",
                "leader.plant | https://leader.plant:9223/v1 | true",
                "LEADER.plant | https://Leader.Plant. | true",
                "plant | https://leader.plant | true",
                "plant | https://leaderplant | false",
                ".plant | https://leader.plant | true",
                ".plant | https://plant | false",
                "*.plant | https://leader.plant | true",
                "a,  b.example , | https://b.example | true",
                "a, b.example | https://c.example | false",
                "leader:9223 | https://leader:9223 | true",
                "leader:9223 | https://leader:443 | false",
                "leader:443 | https://leader | true",
                "10.0.0.0/8 | https://10.1.2.3:9223 | true",
                "10.0.0.0/8 | https://11.1.2.3 | false",
                "10.1.2.128/25 | https://10.1.2.127 | false",
                "10.1.2.128/25 | https://10.1.2.129 | true",
                "0.0.0.0/0 | https://8.8.8.8 | true",
                "0.0.0.0/0 | https://name.example | false",
                "10.1.2.3 | https://10.1.2.3 | true",
                "10.1.2.3 | https://10.1.2.30 | false",
                "10.1.2.3:9223 | https://10.1.2.3 | false",
                "127.0.0.0/8 | https://127.0.0.1:1 | true",
                "fd00::/8 | https://[fd12::1]:9223 | true",
                "fd00::/8 | https://[fe80::1] | false",
                "fd00::/8 | https://10.0.0.1 | false",
                "::1 | https://[::1] | true",
                "[::1]:9223 | https://[0:0:0:0:0:0:0:1]:9223 | true",
                "[::1]:9223 | https://[::1] | false"
            })
    void spares(String list, String url, boolean expected) {
        assertEquals(expected, NoProxy.parse(list).test(URI.create(url)), list + " for " + url);
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/33",
        "10.0.0/8",
        "name/8",
        "fd00::/129",
        "a b",
        "a:0",
        "a:99999",
        "http://a",
        "10.0.0",
        "300.0.0.1"
    })
    void refusesWhatIsNone(String entry) {
        IllegalArgumentException fault =
                assertThrows(IllegalArgumentException.class, () -> NoProxy.parse("good," + entry));
        assertTrue(String.valueOf(fault.getMessage()).startsWith("'" + entry + "'"), fault::toString);
    }

    @Test
    void aSettingThatIsNoneIsFoundAtTheStart() throws IOException {
        Path file = Files.writeString(folder.resolve("agent.cfg"), "link.no_proxy = good, 10.0.0.0/99\n");
        ConfigException refused =
                assertThrows(ConfigException.class, () -> new ConfigLoader(Map.of(), Map.of()).load(file, Map.of()));
        assertTrue(String.valueOf(refused.getMessage()).contains("10.0.0.0/99"), refused::toString);
    }
}

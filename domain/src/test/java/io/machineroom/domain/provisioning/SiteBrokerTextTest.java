package io.machineroom.domain.provisioning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.broker.Broker;
import io.machineroom.ports.broker.BrokerCluster;
import io.machineroom.ports.data.Secret;
import io.machineroom.ports.data.Value;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a leader takes of the backplane about its broker. */
final class SiteBrokerTextTest {
    private static final String SYSTEM = "A" + "B".repeat(55);

    private static SiteBroker broker(String host) {
        BrokerCluster cluster = new BrokerCluster(
                "acme-plant",
                2,
                9224,
                "route",
                Secret.of("ab".repeat(32)),
                List.of(
                        new BrokerCluster.Route(1, "h1", 9224),
                        new BrokerCluster.Route(2, host, 9224),
                        new BrokerCluster.Route(3, "h3", 9224)));
        return new SiteBroker(
                host,
                9222,
                9223,
                "a.b.c",
                SYSTEM,
                List.of(new Broker.Account(SYSTEM, "a.b.c"), new Broker.Account("A" + "C".repeat(55), "a.b.c")),
                Secret.of("a.b.c"),
                Optional.of(cluster));
    }

    /** The backplane registers these: a leader that refused one of them would refuse every enrolment, as all three would. */
    @Test
    void w37TakesEveryHostThatTheBackplaneRegisters() {
        for (String host : List.of("::1", "2001:db8::", "2001:db8::3", "h2.example", "10.0.0.1", "x".repeat(253))) {
            SiteBroker read = SiteBrokerText.read(SiteBrokerText.write(broker(host)));
            assertEquals(host, read.host());
            assertEquals(host, read.cluster().orElseThrow().routes().get(1).host());
        }
    }

    @Test
    void refusesAHostThatNoCertificateCanBeFor() {
        for (String host : List.of("", "-a", "a-", "a b", "[::1]", "a:1", ":::", "1:2:3", "h\"", "x".repeat(254))) {
            Value.Obj told = SiteBrokerText.write(broker(host));
            IllegalArgumentException whole =
                    assertThrows(IllegalArgumentException.class, () -> SiteBrokerText.read(told), host);
            assertTrue(String.valueOf(whole.getMessage()).contains("site_broker.host"), whole::getMessage);
            Value.Obj route = told.with("host", Value.text("h2"));
            assertThrows(IllegalArgumentException.class, () -> SiteBrokerText.read(route), host);
        }
    }
}

package io.machineroom.app.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.contract.FactSourceContract;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.host.FactSource;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class HostFactsTest extends FactSourceContract {
    private final HostFacts facts = new HostFacts();

    @Override
    protected FactSource facts() {
        return facts;
    }

    @Test
    void namesTheFamilyOfADistribution() {
        assertEquals("debian", OsRelease.family("ubuntu", "debian"));
        assertEquals("rhel", OsRelease.family("rocky", "rhel centos fedora"));
        assertEquals("alpine", OsRelease.family("alpine", ""));
        assertEquals("slackware", OsRelease.family("slackware", ""));
    }

    @Test
    void tellsOfProcessorsAndLoopback() {
        Value.Obj all = facts.gather(FactSource.OptOuts.none());
        Value.Obj processor =
                (Value.Obj) all.obj("cpu").orElseThrow().list("info").getFirst();
        assertEquals(0, processor.whole("cpu").orElseThrow());
        assertTrue(processor.text("modelName").isPresent());
        boolean loopback = all.obj("network").orElseThrow().list("interfaces").stream()
                .anyMatch(i -> ((Value.Obj) i).texts("flags").contains("loopback"));
        assertTrue(loopback);
    }

    @Test
    void writesAddressesAsEverybodyDoes() throws UnknownHostException {
        for (String text : List.of("2001:db8::1", "::1", "fe80::", "::", "1:2:3:4:5:6:7:8", "1:0:2::3", "192.0.2.7")) {
            assertEquals(text, NetworkFacts.text(InetAddress.getByName(text)));
        }
    }

    @Test
    void readsInodesOfMountPointsWithBlanks() {
        assertEquals(
                Map.of("/", new Inodes(16_777_216, 9), "/mnt/two words", new Inodes(0, 0)),
                Inodes.parse("16777216 9 /\n0 0 /mnt/two words\nstat: something else\n\n"));
    }

    @Test
    void asksTheSystemForInodes() {
        Inodes root = Inodes.of(List.of("/", "/no/such/mount")).get("/");
        assertTrue(root != null && root.total() >= root.free(), "stat -f of / says " + root);
    }
}

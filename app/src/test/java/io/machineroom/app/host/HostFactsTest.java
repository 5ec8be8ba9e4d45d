package io.machineroom.app.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.contract.FactSourceContract;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.host.FactSource;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HostFactsTest extends FactSourceContract {
    private final HostFacts facts = new HostFacts();

    @TempDir
    private Path proc;

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

    private static Set<String> names(Value.Obj in) {
        return in.fields().keySet();
    }

    private static Set<String> words(String text) {
        return Set.of(text.strip().split("\\s+"));
    }

    @Test
    void hasEveryFieldOfTheOriginal() {
        Value.Obj all = facts.gather(FactSource.OptOuts.none());
        assertEquals(words("""
                hostname uptime bootTime procs os platform platformFamily platformVersion kernelVersion kernelArch
                virtualizationSystem virtualizationRole hostId
                """), names(all.obj("host").orElseThrow().obj("info").orElseThrow()));
        assertEquals(words("""
                cpu vendorId family model stepping physicalId coreId cores modelName mhz cacheSize flags microcode
                """), names((Value.Obj)
                all.obj("cpu").orElseThrow().list("info").getFirst()));
        Value.Obj memory = all.obj("memory").orElseThrow();
        assertEquals(words("""
                total available used usedPercent free active inactive wired laundry buffers cached writeBack dirty
                writeBackTmp shared slab sreclaimable sunreclaim pageTables swapCached commitLimit committedAS
                highTotal highFree lowTotal lowFree swapTotal swapFree mapped vmallocTotal vmallocUsed vmallocChunk
                hugePagesTotal hugePagesFree hugePagesRsvd hugePagesSurp hugePageSize anonHugePages
                """), names(memory.obj("virtual").orElseThrow()));
        assertEquals(
                words("total used free usedPercent sin sout pgIn pgOut pgFault pgMajFault"),
                names(memory.obj("swap").orElseThrow().obj("info").orElseThrow()));
    }

    @Test
    void readsWhatLinuxTells() throws IOException {
        Files.writeString(proc.resolve("meminfo"), """
                MemTotal:        8000000 kB
                MemFree:         1000 kB
                Cached:          30 kB
                SReclaimable:    12 kB
                HugePages_Total:       7
                Hugepagesize:       2048 kB
                """);
        Files.writeString(proc.resolve("vmstat"), "nr_free_pages 5\npgpgin 3\npgmajfault 2\n");
        Files.writeString(proc.resolve("swaps"), """
                Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority
                /swap\\040file                          file\t\t2048\t\t512\t\t-2
                """);
        ProcFacts read = new ProcFacts(proc);
        Value.Obj memory = Value.obj(read.memory());
        assertEquals(1_024_000, memory.whole("free").orElseThrow());
        assertEquals(43_008, memory.whole("cached").orElseThrow());
        assertEquals(7, memory.whole("hugePagesTotal").orElseThrow());
        assertEquals(2_097_152, memory.whole("hugePageSize").orElseThrow());
        assertEquals(0, memory.whole("wired").orElseThrow());
        Value.Obj paging = Value.obj(read.paging());
        assertEquals(12_288, paging.whole("pgIn").orElseThrow());
        assertEquals(8_192, paging.whole("pgMajFault").orElseThrow());
        Value.Obj device = (Value.Obj) read.swapDevices().items().getFirst();
        assertEquals("/swap file", device.text("name").orElseThrow());
        assertEquals(524_288, device.whole("usedBytes").orElseThrow());
        assertEquals(1_572_864, device.whole("freeBytes").orElseThrow());
        assertEquals("", read.microcode());
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

package io.machineroom.app.host;

import io.machineroom.ports.data.Value;
import io.machineroom.ports.host.FactSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import oshi.hardware.CentralProcessor;
import oshi.hardware.GlobalMemory;
import oshi.hardware.VirtualMemory;
import oshi.nativefree.SystemInfo;
import oshi.software.os.OSFileStore;
import oshi.software.os.OperatingSystem;

/**
 * Facts of this host by OSHI without native code, which reads {@code /proc} and {@code /sys} and runs a few
 * programs of the system, in the field names that Choria's facts have; what OSHI does not know is asked of Linux
 * itself. {@code docs/compatibility.md} lists what differs.
 */
public final class HostFacts implements FactSource {
    private static final System.Logger LOG = System.getLogger(HostFacts.class.getName());

    private final SystemInfo system = new SystemInfo();
    private final ProcFacts proc = new ProcFacts();

    @Override
    public Value.Obj gather(OptOuts without) {
        boolean all = without.standard();
        boolean noMemory = all || without.memory();
        boolean noSwap = noMemory || without.swap();
        boolean noDisk = all || without.disk();
        Value nothing = Value.obj();
        Value none = Value.arr();
        Map<String, Value> facts = new LinkedHashMap<>();
        facts.put("host", Value.obj("info", part("host", all || without.host(), nothing, this::host)));
        Value devices = noSwap ? nothing : part("swap devices", false, none, proc::swapDevices);
        Value swap = Value.obj("info", part("swap", noSwap, nothing, this::swap), "devices", devices);
        facts.put("memory", Value.obj("virtual", part("memory", noMemory, nothing, this::memory), "swap", swap));
        facts.put("cpu", Value.obj("info", part("cpu", all || without.cpu(), none, this::processors)));
        facts.put(
                "partition",
                Value.obj(
                        "partitions",
                        part("partitions", noDisk, none, this::partitions),
                        "usage",
                        part("usage", noDisk, none, this::usage)));
        facts.put("network", NetworkFacts.gather(all || without.network()));
        return Value.obj(facts);
    }

    /** One part; empty when not wanted or when the system does not tell. */
    private static Value part(String name, boolean unwanted, Value empty, Supplier<Value> source) {
        if (unwanted) {
            return empty;
        }
        try {
            return source.get();
        } catch (RuntimeException | LinkageError e) {
            LOG.log(System.Logger.Level.WARNING, () -> "no facts about " + name + " on this host: " + e);
            return empty;
        }
    }

    private Value host() {
        OperatingSystem os = system.getOperatingSystem();
        Map<String, String> release = OsRelease.read();
        String platform = release.getOrDefault("ID", os.getFamily()).toLowerCase(Locale.ROOT);
        String virtual = system.getHardware().getVirtualization().orElse("").toLowerCase(Locale.ROOT);
        Map<String, Value> out = new LinkedHashMap<>();
        out.put("hostname", Value.text(os.getNetworkParams().getHostName()));
        out.put("uptime", Value.num(os.getSystemUptime()));
        out.put("bootTime", Value.num(os.getSystemBootTime()));
        out.put("procs", Value.num(os.getProcessCount()));
        out.put("os", Value.text(System.getProperty("os.name", "").toLowerCase(Locale.ROOT)));
        out.put("platform", Value.text(platform));
        out.put("platformFamily", Value.text(OsRelease.family(platform, release.getOrDefault("ID_LIKE", ""))));
        out.put("platformVersion", Value.text(release.getOrDefault("VERSION_ID", "")));
        out.put("kernelVersion", Value.text(System.getProperty("os.version", "")));
        out.put("kernelArch", Value.text(architecture(System.getProperty("os.arch", ""))));
        out.put("virtualizationSystem", Value.text(virtual));
        out.put("virtualizationRole", Value.text(virtual.isEmpty() ? "" : "guest"));
        String id = system.getHardware().getComputerSystem().getHardwareUUID();
        out.put("hostId", Value.text(id.equals("unknown") ? "" : id.toLowerCase(Locale.ROOT)));
        return Value.obj(out);
    }

    /** As {@code uname -m} says it. */
    private static String architecture(String java) {
        return java.equals("amd64") ? "x86_64" : java;
    }

    private Value processors() {
        CentralProcessor processor = system.getHardware().getProcessor();
        CentralProcessor.ProcessorIdentifier id = processor.getProcessorIdentifier();
        Value microcode = Value.text(proc.microcode());
        Value flags = Value.texts(flags(processor.getFeatureFlags()));
        long cacheBytes = processor.getProcessorCaches().stream()
                .mapToLong(CentralProcessor.ProcessorCache::getCacheSize)
                .max()
                .orElse(0);
        List<Value> out = processor.getLogicalProcessors().stream()
                .map(logical -> {
                    Map<String, Value> one = new LinkedHashMap<>();
                    one.put("cpu", Value.num(logical.getProcessorNumber()));
                    one.put("vendorId", Value.text(id.getVendor()));
                    one.put("family", Value.text(id.getFamily()));
                    one.put("model", Value.text(id.getModel()));
                    one.put("stepping", Value.num(whole(id.getStepping())));
                    one.put("physicalId", Value.text(String.valueOf(logical.getPhysicalPackageNumber())));
                    one.put("coreId", Value.text(String.valueOf(logical.getPhysicalProcessorNumber())));
                    one.put("cores", Value.num(1));
                    one.put("modelName", Value.text(id.getName()));
                    one.put("mhz", Value.num(Math.max(0, processor.getMaxFreq()) / 1_000_000));
                    one.put("cacheSize", Value.num(cacheBytes / 1_024));
                    one.put("flags", flags);
                    one.put("microcode", microcode);
                    return (Value) Value.obj(one);
                })
                .toList();
        return new Value.Arr(out);
    }

    /** OSHI gives the lines of the kernel, {@code flags : fpu vme …}; one line is enough, they are alike. */
    private static List<String> flags(List<String> lines) {
        return lines.stream()
                .findFirst()
                .map(line ->
                        List.of(line.substring(line.indexOf(':') + 1).strip().split("\\s+")))
                .orElse(List.of());
    }

    private static long whole(String text) {
        return text.matches("[0-9]{1,9}") ? Long.parseLong(text) : 0;
    }

    private Value memory() {
        GlobalMemory memory = system.getHardware().getMemory();
        VirtualMemory virtual = memory.getVirtualMemory();
        long used = memory.getTotal() - memory.getAvailable();
        Map<String, Value> out = new LinkedHashMap<>();
        out.put("total", Value.num(memory.getTotal()));
        out.put("available", Value.num(memory.getAvailable()));
        out.put("used", Value.num(used));
        out.put("usedPercent", percent(used, memory.getTotal()));
        out.putAll(proc.memory());
        out.put("swapTotal", Value.num(virtual.getSwapTotal()));
        out.put("swapFree", Value.num(virtual.getSwapTotal() - virtual.getSwapUsed()));
        return Value.obj(out);
    }

    private Value swap() {
        GlobalMemory memory = system.getHardware().getMemory();
        VirtualMemory virtual = memory.getVirtualMemory();
        Map<String, Value> out = new LinkedHashMap<>();
        out.put("total", Value.num(virtual.getSwapTotal()));
        out.put("used", Value.num(virtual.getSwapUsed()));
        out.put("free", Value.num(virtual.getSwapTotal() - virtual.getSwapUsed()));
        out.put("usedPercent", percent(virtual.getSwapUsed(), virtual.getSwapTotal()));
        out.put("sin", Value.num(virtual.getSwapPagesIn() * memory.getPageSize()));
        out.put("sout", Value.num(virtual.getSwapPagesOut() * memory.getPageSize()));
        out.putAll(proc.paging());
        return Value.obj(out);
    }

    private List<OSFileStore> stores() {
        return system.getOperatingSystem().getFileSystem().getFileStores(true).stream()
                .filter(store -> store.getVolume().startsWith("/dev/"))
                .toList();
    }

    private Value partitions() {
        return new Value.Arr(stores().stream()
                .map(store -> (Value) Value.obj(
                                "device",
                                Value.text(store.getVolume()),
                                "mountpoint",
                                Value.text(store.getMount()),
                                "fstype",
                                Value.text(store.getType()))
                        .with("opts", Value.texts(List.of(store.getOptions().split(",")))))
                .toList());
    }

    private Value usage() {
        List<OSFileStore> stores = stores();
        Map<String, Inodes> inodes =
                Inodes.of(stores.stream().map(OSFileStore::getMount).toList());
        return new Value.Arr(stores.stream()
                .map(store -> usage(store, Optional.ofNullable(inodes.get(store.getMount()))))
                .toList());
    }

    private static Value usage(OSFileStore store, Optional<Inodes> inodes) {
        long used = store.getTotalSpace() - store.getFreeSpace();
        Map<String, Value> one = new LinkedHashMap<>();
        one.put("path", Value.text(store.getMount()));
        one.put("fstype", Value.text(store.getType()));
        one.put("total", Value.num(store.getTotalSpace()));
        one.put("free", Value.num(store.getUsableSpace()));
        one.put("used", Value.num(used));
        one.put("usedPercent", percent(used, used + store.getUsableSpace()));
        inodes.ifPresent(count -> {
            long inodesUsed = count.total() - count.free();
            one.put("inodesTotal", Value.num(count.total()));
            one.put("inodesUsed", Value.num(inodesUsed));
            one.put("inodesFree", Value.num(count.free()));
            one.put("inodesUsedPercent", percent(inodesUsed, count.total()));
        });
        return Value.obj(one);
    }

    /** Two digits behind the point. */
    private static Value percent(long part, long whole) {
        return whole <= 0 ? Value.num(0) : Value.num(Math.round(part * 10_000.0 / whole) / 100.0);
    }
}

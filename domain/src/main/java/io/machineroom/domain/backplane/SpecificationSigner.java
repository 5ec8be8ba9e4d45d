package io.machineroom.domain.backplane;

import io.machineroom.domain.deployment.DesiredPlugins;
import io.machineroom.domain.deployment.PluginEntry;
import io.machineroom.domain.deployment.PluginList;
import io.machineroom.domain.deployment.SignedSpecification;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.security.Signatures;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Signs lists of machines with the offline key, and counts serials per customer in {@code serials.json} of the
 * offline directory: a serial is never given twice.
 */
public final class SpecificationSigner {
    private static final String SERIALS = "serials.json";

    private final Founding.Place offline;
    private final Founding.Means means;
    private final Signatures signatures;

    public SpecificationSigner(Founding.Place offline, Founding.Means means, Signatures signatures) {
        this.offline = offline;
        this.means = means;
        this.signatures = signatures;
    }

    /**
     * For whom and how long.
     *
     * @param site empty for all sites
     * @param serial empty for the next one
     */
    public record Target(String customer, String site, Optional<Long> serial, Duration validity) {}

    /** A signed list and its serial. */
    public record Signed(long serial, Value.Obj document) {}

    /**
     * Signs.
     *
     * @param list exact bytes: a JSON list of entries
     * @throws PortException.Refused {@code sign.list}, {@code sign.serial}, {@code key.missing}
     */
    public Signed sign(byte[] list, Target target) {
        check(list);
        Map<String, Long> serials = serials();
        long last = serials.getOrDefault(target.customer(), 0L);
        long serial = target.serial().orElse(last + 1);
        if (serial < 1) {
            throw new PortException.Refused("sign.serial", "serials begin at 1");
        }
        long now = means.time().wall().getEpochSecond();
        SignedSpecification.Meta meta = new SignedSpecification.Meta(
                serial, now, now + target.validity().toSeconds(), target.customer(), target.site(), "");
        SignedSpecification signed = SignedSpecification.sign(
                list, meta, means.json(), signatures, bytes -> offline.keys().sign(Charter.MACHINES, bytes));
        serials.put(target.customer(), Math.max(last, serial));
        save(serials);
        return new Signed(serial, signed.toValue());
    }

    private void check(byte[] list) {
        if (!(means.json().read(list) instanceof Value.Arr entries)) {
            throw new PortException.Refused("sign.list", "a list of machines is a JSON list of entries");
        }
        for (int i = 0; i < entries.items().size(); i++) {
            for (String field : new String[] {"name", "source", "checksum", "verify_checksum"}) {
                boolean there = entries.items().get(i) instanceof Value.Obj entry
                        && entry.text(field).filter(t -> !t.isEmpty()).isPresent();
                if (!there) {
                    throw new PortException.Refused("sign.list", "entry " + (i + 1) + " has no '" + field + "'");
                }
            }
        }
        PluginList read = PluginList.read(list, means.json());
        if (!read.faults().isEmpty()) {
            throw new PortException.Refused("sign.list", read.faults().getFirst());
        }
        read.entries().forEach(SpecificationSigner::condition);
    }

    /** Nodes would leave the plugin as it is, and tell. */
    private static void condition(PluginEntry entry) {
        try {
            DesiredPlugins.read(entry.match());
        } catch (PortException.Refused e) {
            throw new PortException.Refused("sign.list", "match of " + entry.name() + ": " + e.getMessage(), e);
        }
    }

    private Map<String, Long> serials() {
        Map<String, Long> out = new TreeMap<>();
        offline.files().read(SERIALS, 1 << 20).ifPresent(bytes -> {
            Value.Obj saved = (Value.Obj) means.json().read(bytes);
            saved.fields().keySet().forEach(c -> out.put(c, saved.whole(c).orElse(0L)));
        });
        return out;
    }

    private void save(Map<String, Long> serials) {
        Value.Obj document = Value.obj();
        for (Map.Entry<String, Long> serial : serials.entrySet()) {
            document = document.with(serial.getKey(), Value.num(serial.getValue()));
        }
        offline.files().replace(SERIALS, means.json().pretty(document), 0600);
    }
}

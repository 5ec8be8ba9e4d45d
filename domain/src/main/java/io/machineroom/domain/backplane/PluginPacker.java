package io.machineroom.domain.backplane;

import io.machineroom.domain.deployment.ChecksumManifest;
import io.machineroom.domain.deployment.PluginList;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.data.YamlFormat;
import io.machineroom.ports.host.FileTree;
import io.machineroom.ports.security.Signatures;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Makes a plugin's directory ready for its archive: every file summed in {@code SHA256SUMS}. */
public final class PluginPacker {
    private static final String MANIFEST = "machine.yaml";
    private static final int MAX_BYTES = 1 << 20;

    private final Signatures signatures;
    private final YamlFormat yaml;

    public PluginPacker(Signatures signatures, YamlFormat yaml) {
        this.signatures = signatures;
        this.yaml = yaml;
    }

    /**
     * What goes into the archive.
     *
     * @param name plugin and top directory
     * @param version of the machine
     * @param files relative names, sorted, {@code SHA256SUMS} among them
     * @param sumsDigest SHA-256 of {@code SHA256SUMS}
     */
    public record Plan(String name, String version, List<String> files, String sumsDigest) {}

    /**
     * Writes {@code SHA256SUMS} into the directory.
     *
     * @param name plugin name
     * @throws PortException.Refused {@code pack.name}, {@code pack.manifest}, {@code pack.kind}
     */
    public Plan plan(FileTree directory, String name) {
        if (!PluginList.isName(name)) {
            throw new PortException.Refused(
                    "pack.name",
                    "'" + name + "' is no plugin name: a letter, then letters, digits, _ and -; use --name");
        }
        byte[] manifest = directory
                .read(MANIFEST, MAX_BYTES)
                .orElseThrow(() -> new PortException.Refused("pack.manifest", "there is no " + MANIFEST));
        if (!(yaml.read(manifest).root() instanceof Value.Obj machine)) {
            throw new PortException.Refused("pack.manifest", MANIFEST + " holds no mapping");
        }
        Map<String, String> sums = new TreeMap<>();
        for (String file : directory.walk("")) {
            boolean plain = directory
                    .info(file)
                    .filter(i -> i.kind() == FileTree.Kind.FILE)
                    .isPresent();
            if (!plain) {
                throw new PortException.Refused(
                        "pack.kind", file + " is not a plain file; a plugin holds nothing else");
            }
            if (!file.equals(ChecksumManifest.FILE) && !file.equals("machine_data.json")) {
                sums.put(file, signatures.sha256(directory.path(file)));
            }
        }
        byte[] text = ChecksumManifest.of(sums).text();
        directory.replace(ChecksumManifest.FILE, text, 0644);
        TreeMap<String, String> all = new TreeMap<>(sums);
        all.put(ChecksumManifest.FILE, "");
        return new Plan(
                name, machine.text("version").orElse("0.0.0"), List.copyOf(all.keySet()), signatures.sha256(text));
    }
}

package io.machineroom.domain.agent;

import io.machineroom.domain.provisioning.CompatibilityFiles;
import io.machineroom.domain.provisioning.EnrolmentStore;
import io.machineroom.ports.PortException;
import io.machineroom.ports.host.FileTree;
import io.machineroom.ports.security.KeyRole;
import io.machineroom.ports.security.Keyring;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes a node as new: first the enrolment, so that a crash midway leaves a node that is not enrolled,
 * then everything made from it, machines and spool, the keys last. Keeps the provisioning token, its
 * pins and the operator's own lines of the configuration. Only for an agent that does not run.
 */
public final class FactoryReset {
    private final FileTree config;
    private final FileTree storage;
    private final FileTree machines;
    private final Keyring keyring;
    private final AgentSettings.Paths paths;

    /**
     * For one node.
     *
     * @param machines the machine store
     */
    public FactoryReset(
            FileTree config, FileTree storage, FileTree machines, Keyring keyring, AgentSettings.Paths paths) {
        this.config = config;
        this.storage = storage;
        this.machines = machines;
        this.keyring = keyring;
        this.paths = paths;
    }

    /** Attempts every step; what could not be done, one sentence each. */
    public List<String> run() {
        List<String> faults = new ArrayList<>();
        attempt(faults, EnrolmentStore.FILE, () -> config.delete(EnrolmentStore.FILE));
        for (String name : leftovers(faults)) {
            attempt(faults, name, () -> config.delete(name));
        }
        attempt(faults, "configuration", this::stripConfiguration);
        attempt(faults, "facts", () -> deleteBelow(config, paths.factsFile()));
        attempt(faults, "status", () -> deleteBelow(config, paths.statusFile()));
        attempt(faults, "metrics", () -> deleteBelow(config, paths.metricsFile()));
        for (FileTree tree : List.of(machines, storage)) {
            attempt(faults, tree.root().toString(), () -> tree.list("").forEach(tree::delete));
        }
        attempt(faults, "nats.nkey", () -> keyring.erase(KeyRole.NATS_USER));
        attempt(faults, "server.seed", () -> keyring.erase(KeyRole.IDENTITY));
        return List.copyOf(faults);
    }

    private List<String> leftovers(List<String> faults) {
        List<String> out = new ArrayList<>(List.of(CompatibilityFiles.SERVER_JWT, CompatibilityFiles.NATS_CREDS));
        attempt(
                faults,
                "evidence",
                () -> config.list("").stream()
                        .filter(n -> n.startsWith("enrolment."))
                        .forEach(out::add));
        return out;
    }

    private void stripConfiguration() {
        String name = String.valueOf(paths.configFile().getFileName());
        String present = config.read(name, 4 << 20)
                .map(b -> new String(b, StandardCharsets.UTF_8))
                .orElse("");
        int at = present.indexOf(paths.managedMarker());
        if (at < 0) {
            return;
        }
        if (present.substring(0, at).isBlank()) {
            config.delete(name);
        } else {
            config.replace(name, present.substring(0, at).getBytes(StandardCharsets.UTF_8), 0600);
        }
    }

    private static void deleteBelow(FileTree tree, java.nio.file.Path file) {
        if (file.startsWith(tree.root())) {
            tree.delete(tree.root().relativize(file).toString());
        }
    }

    private static void attempt(List<String> faults, String what, Runnable step) {
        try {
            step.run();
        } catch (PortException e) {
            faults.add(what + ": " + e.code() + ": " + e.getMessage());
        }
    }
}

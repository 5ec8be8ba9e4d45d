package io.machineroom.domain.agent;

import io.machineroom.domain.provisioning.CompatibilityFiles;
import io.machineroom.domain.provisioning.EnrolmentStore;
import io.machineroom.domain.tokens.TokenVerifier;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.host.FactSource;
import io.machineroom.ports.security.KeyRole;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The facts document of spec streams 8: what the host says, and the {@code machine_room} block. Holds no
 * token, seed or credential; of the provisioning token only its {@code extensions}.
 */
final class FactsDocument {
    private static final System.Logger LOG = System.getLogger(FactsDocument.class.getName());

    private final AgentProfile profile;
    private final AgentSettings settings;
    private final AgentPorts ports;
    private final Instant started;

    FactsDocument(AgentProfile profile, AgentSettings settings, AgentPorts ports, Instant started) {
        this.profile = profile;
        this.settings = settings;
        this.ports = ports;
        this.started = started;
    }

    /** The whole document; may take seconds. */
    Value.Obj gather(String identity) {
        Value.Obj host = ports.facts().gather(settings.enrolment().optOuts());
        Instant now = ports.time().wall();
        Value.Obj block = Value.obj("identity", Value.text(identity), "timestamp", Value.text(now.toString()))
                .with("timestamp_seconds", Value.num(now.getEpochSecond()))
                .with(
                        "server",
                        Value.obj("public_key", Value.text(publicKey()), "public_nkey", Value.text(publicNkey())))
                .with("options", options(identity))
                .with("provisioning", Value.obj("extended_claims", extensions()));
        try {
            Value.Obj more = profile.moreFacts().get();
            if (!more.fields().isEmpty()) {
                block = block.with("additional_facts", more);
            }
        } catch (RuntimeException vendor) {
            LOG.log(Level.ERROR, "the vendor's own facts failed and are left out", vendor);
        }
        return host.with("machine_room", block);
    }

    private Value.Obj options(String identity) {
        AgentSettings.Paths paths = settings.paths();
        java.nio.file.Path config = paths.configDirectory();
        Map<String, Value> out = new LinkedHashMap<>();
        out.put("name", Value.text(profile.name()));
        out.put("contact", Value.text(profile.contact()));
        out.put("help", Value.text(profile.help()));
        out.put("version", Value.text(profile.version()));
        out.put("machine_signing_key", Value.text(profile.signingKey()));
        out.put("facts_refresh_interval", Value.num(settings.intervals().facts().toNanos()));
        optOuts().forEach(name -> out.put(name, Value.bool(true)));
        out.put("configuration_directory", Value.text(config.toString()));
        out.put("machines_directory", Value.text(paths.machinesDirectory().toString()));
        out.put(
                "provisioning_jwt_file",
                Value.text(settings.enrolment().tokenFile().toString()));
        out.put("facts_file", Value.text(paths.factsFile().toString()));
        out.put("server_seed_file", Value.text(config.resolve("server.seed").toString()));
        out.put(
                "server_jwt_file",
                Value.text(config.resolve(CompatibilityFiles.SERVER_JWT).toString()));
        out.put("server_status_file", Value.text(paths.statusFile().toString()));
        out.put(
                "server_submission_directory",
                Value.text(paths.submissionDirectory().toString()));
        out.put("server_storage_directory", Value.text(paths.storageDirectory().toString()));
        out.put("nats_nkey_seed_file", Value.text(config.resolve("nats.nkey").toString()));
        out.put(
                "nats_credentials_file",
                Value.text(config.resolve(CompatibilityFiles.NATS_CREDS).toString()));
        out.put("enrolment_file", Value.text(config.resolve(EnrolmentStore.FILE).toString()));
        out.put("start_time", Value.text(started.toString()));
        out.put("identity", Value.text(identity));
        return Value.obj(out);
    }

    /** The switches of the original that are on; one that is off is not there. */
    private List<String> optOuts() {
        FactSource.OptOuts chosen = settings.enrolment().optOuts();
        Map<String, Boolean> all = new LinkedHashMap<>();
        all.put("no_standard_facts", chosen.standard());
        all.put("no_memory_facts", chosen.memory());
        all.put("no_swap_facts", chosen.swap());
        all.put("no_cpu_facts", chosen.cpu());
        all.put("no_disk_facts", chosen.disk());
        all.put("no_host_facts", chosen.host());
        all.put("no_network_facts", chosen.network());
        return all.entrySet().stream()
                .filter(Map.Entry::getValue)
                .map(Map.Entry::getKey)
                .toList();
    }

    private String publicKey() {
        try {
            return ports.keyring()
                    .publicKey(KeyRole.IDENTITY)
                    .map(k -> k.hexText())
                    .orElse("");
        } catch (PortException.Corrupted damaged) {
            return "";
        }
    }

    private String publicNkey() {
        try {
            return ports.keyring().publicNkey(KeyRole.NATS_USER).orElse("");
        } catch (PortException.Corrupted damaged) {
            return "";
        }
    }

    private Value.Obj extensions() {
        try {
            return ports.hostFiles()
                    .read(settings.enrolment().tokenFile(), 64 * 1024)
                    .flatMap(b -> new TokenVerifier(ports.json(), ports.signatures())
                            .unverifiedProvisioning(new String(b, StandardCharsets.UTF_8))
                            .verified())
                    .map(t -> t.extensions())
                    .orElse(Value.obj());
        } catch (PortException unreadable) {
            return Value.obj();
        }
    }
}

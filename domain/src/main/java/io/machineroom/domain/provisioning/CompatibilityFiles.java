package io.machineroom.domain.provisioning;

import io.machineroom.ports.host.FileTree;
import io.machineroom.ports.security.KeyRole;
import io.machineroom.ports.security.Keyring;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.TreeMap;

/**
 * The files that tools of the original know, made from the enrolment whenever they differ:
 * {@code server.jwt}, {@code nats.creds}, and the part of the configuration file below a marker line.
 * Nothing is ever read back from them. One task at a time.
 */
public final class CompatibilityFiles {
    /** Names in the configuration directory. */
    public static final String SERVER_JWT = "server.jwt";

    public static final String NATS_CREDS = "nats.creds";
    private static final int MAX_BYTES = 4 << 20;

    private final FileTree files;
    private final Keyring keyring;
    private final String configFile;
    private final String marker;

    /**
     * For one configuration directory.
     *
     * @param configFile name of the {@code --config} file in it
     * @param marker line that begins the part which belongs to the agent
     */
    public CompatibilityFiles(FileTree files, Keyring keyring, String configFile, String marker) {
        this.files = files;
        this.keyring = keyring;
        this.configFile = configFile;
        this.marker = marker;
    }

    /** Brings all of them to what the enrolment says. */
    public void write(Enrolment enrolment) {
        replace(SERVER_JWT, enrolment.serverJwt().use(b -> b), 0600);
        if (enrolment.natsJwt().isEmpty()) {
            files.delete(NATS_CREDS);
        } else {
            replace(NATS_CREDS, credentials(enrolment), 0600);
        }
        replace(configFile, configuration(enrolment), 0600);
    }

    private void replace(String name, byte[] content, int mode) {
        byte[] present = files.read(name, MAX_BYTES).orElse(null);
        if (present == null || !Arrays.equals(present, content)) {
            files.replace(name, content, mode);
        }
    }

    private byte[] credentials(Enrolment enrolment) {
        String seed = keyring.seedForCredentials(KeyRole.NATS_USER).useText(t -> t);
        String jwt = enrolment.natsJwt().useText(t -> t);
        String text = "-----BEGIN NATS USER JWT-----\n" + jwt + "\n------END NATS USER JWT------\n\n"
                + "************************* IMPORTANT *************************\n"
                + "The seed below is a private key. Keep this file to yourself;\n"
                + "it is made anew from the enrolment whenever it differs.\n\n"
                + "-----BEGIN USER NKEY SEED-----\n" + seed + "\n------END USER NKEY SEED------\n\n"
                + "*************************************************************\n";
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private byte[] configuration(Enrolment enrolment) {
        String present = files.read(configFile, MAX_BYTES)
                .map(b -> new String(b, StandardCharsets.UTF_8))
                .orElse("");
        int at = present.indexOf(marker);
        String own = at < 0 ? present : present.substring(0, at);
        StringBuilder out = new StringBuilder(own);
        if (!own.isEmpty() && !own.endsWith("\n")) {
            out.append('\n');
        }
        out.append(marker).append('\n');
        TreeMap<String, String> lines = new TreeMap<>(enrolment.configuration());
        lines.put("identity", enrolment.identity());
        lines.put("machine_room.site", enrolment.site());
        lines.put("plugin.choria.server.provision", "false");
        lines.forEach((key, value) -> {
            if (!value.isEmpty()) {
                out.append(key).append('=').append(value).append('\n');
            }
        });
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }
}

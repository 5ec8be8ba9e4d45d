package io.machineroom.domain.provisioning;

import io.machineroom.ports.host.FileTree;
import io.machineroom.ports.security.KeyRole;
import io.machineroom.ports.security.Keyring;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The files that tools of the original know, made from the enrolment whenever they differ:
 * {@code server.jwt}, {@code nats.creds}, and the part of the configuration file below a marker line.
 * Nothing is ever read back from them. One task at a time.
 */
public final class CompatibilityFiles {
    private static final System.Logger LOG = System.getLogger(CompatibilityFiles.class.getName());

    /** Names in the configuration directory. */
    public static final String SERVER_JWT = "server.jwt";

    public static final String NATS_CREDS = "nats.creds";
    private static final int MAX_BYTES = 4 << 20;
    /** What only an enrolment says. */
    private static final String ROLE = "machine_room.";
    /** Nothing else is told of a line: it may hold anything. */
    private static final Pattern KEY = Pattern.compile("[a-z][a-z0-9_.]{0,127}");

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

    /** Brings all of them to what the enrolment says. Settings that stood where nothing reads them are told in the log, by their keys. */
    public void write(Enrolment enrolment) {
        List<String> gone = bring(enrolment);
        if (!gone.isEmpty()) {
            LOG.log(
                    Level.WARNING,
                    "{0}: removed from the agent''s part, where nothing is read: {1}; settings of your own belong above the"
                            + " line that begins it",
                    configFile,
                    String.join(", ", gone));
        }
    }

    /**
     * The same.
     *
     * @return keys that stood in the agent's part of the configuration file and stand there no more: settings that an operator wrote
     *     there, where nothing reads them, or tunings that an enrolment before had. Not what a change of role takes away
     */
    List<String> bring(Enrolment enrolment) {
        replace(SERVER_JWT, enrolment.serverJwt().use(b -> b), 0600);
        if (enrolment.natsJwt().isEmpty()) {
            files.delete(NATS_CREDS);
        } else {
            replace(NATS_CREDS, credentials(enrolment), 0600);
        }
        String present = files.read(configFile, MAX_BYTES)
                .map(b -> new String(b, StandardCharsets.UTF_8))
                .orElse("");
        Map<String, String> lines = lines(enrolment);
        replace(configFile, configuration(present, lines), 0600);
        return gone(present, lines.keySet());
    }

    private List<String> gone(String present, Set<String> kept) {
        int at = present.indexOf(marker);
        return at < 0
                ? List.of()
                : present.substring(at + marker.length())
                        .lines()
                        .filter(line -> line.contains("="))
                        .map(line -> line.split("=", 2)[0].strip())
                        .filter(key -> KEY.matcher(key).matches() && !key.startsWith(ROLE) && !kept.contains(key))
                        .toList();
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

    private static Map<String, String> lines(Enrolment enrolment) {
        TreeMap<String, String> lines = new TreeMap<>(enrolment.configuration());
        lines.put("identity", enrolment.identity());
        lines.put("machine_room.site", enrolment.site());
        lines.put("plugin.choria.server.provision", "false");
        return lines;
    }

    private byte[] configuration(String present, Map<String, String> lines) {
        int at = present.indexOf(marker);
        String own = at < 0 ? present : present.substring(0, at);
        StringBuilder out = new StringBuilder(own);
        if (!own.isEmpty() && !own.endsWith("\n")) {
            out.append('\n');
        }
        out.append(marker).append('\n');
        lines.forEach((key, value) -> {
            if (!value.isEmpty()) {
                out.append(key).append('=').append(value).append('\n');
            }
        });
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }
}

package io.machineroom.app.host;

import io.machineroom.ports.PortException;
import io.machineroom.ports.host.ProcessRunner;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Inodes of file systems, by the system's {@code stat -f}: neither the JDK nor OSHI without native code
 * tells them.
 *
 * @param total all of them; 0 on file systems that make them as needed
 * @param free those not in use
 */
record Inodes(long total, long free) {
    private static final System.Logger LOG = System.getLogger(Inodes.class.getName());
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final int MAX_OUTPUT_BYTES = 256 << 10;

    /** By mount point; without those that the system does not tell. */
    static Map<String, Inodes> of(List<String> mounts) {
        if (mounts.isEmpty()) {
            return Map.of();
        }
        List<String> argv = new ArrayList<>(List.of("stat", "-f", "-c", "%c %d %n", "--"));
        argv.addAll(mounts);
        try {
            ProcessRunner.Result result = new LocalProcessRunner()
                    .run(new ProcessRunner.Command(
                            argv, Map.of("LC_ALL", "C"), Path.of("/"), LIMIT, MAX_OUTPUT_BYTES, false));
            return parse(new String(result.output(), StandardCharsets.UTF_8));
        } catch (PortException e) {
            LOG.log(System.Logger.Level.DEBUG, () -> "no inodes on this host: " + e.getMessage());
            return Map.of();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Map.of();
        }
    }

    /** Lines of {@code total free mount}; a mount point may hold blanks. */
    static Map<String, Inodes> parse(String output) {
        Map<String, Inodes> out = new HashMap<>();
        for (String line : output.split("\n")) {
            String[] parts = line.split(" ", 3);
            if (parts.length == 3 && parts[0].matches("[0-9]{1,18}") && parts[1].matches("[0-9]{1,18}")) {
                out.put(parts[2], new Inodes(Long.parseLong(parts[0]), Long.parseLong(parts[1])));
            }
        }
        return out;
    }
}

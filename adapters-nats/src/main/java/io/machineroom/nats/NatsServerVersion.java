package io.machineroom.nats;

import io.machineroom.ports.PortException;
import io.machineroom.ports.host.ProcessRunner;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which {@code nats-server} a program is. */
record NatsServerVersion(int major, int minor, int patch) implements Comparable<NatsServerVersion> {
    /** The oldest that this product was tried with. */
    static final NatsServerVersion OLDEST = new NatsServerVersion(2, 9, 10);

    private static final NatsServerVersion SYNC_INTERVAL = new NatsServerVersion(2, 10, 0);
    private static final Pattern NUMBERS = Pattern.compile("v?(\\d{1,4})\\.(\\d{1,4})\\.(\\d{1,4})");

    /**
     * Asks the program.
     *
     * @throws PortException.Unavailable {@code broker.version} when it is too old or says none
     */
    static NatsServerVersion of(ProcessRunner processes, Path program, Path directory) throws InterruptedException {
        ProcessRunner.Result said = processes.run(new ProcessRunner.Command(
                List.of(program.toString(), "--version"),
                Map.of("PATH", "/usr/bin:/bin"),
                directory,
                Duration.ofSeconds(10),
                4096,
                true));
        String text = new String(said.output(), StandardCharsets.UTF_8).strip();
        NatsServerVersion found = read(text);
        if (found.compareTo(OLDEST) < 0) {
            throw new PortException.Unavailable(
                    "broker.version", program + " is " + found + "; " + OLDEST + " or newer is needed");
        }
        return found;
    }

    /**
     * Reads what {@code nats-server --version} prints.
     *
     * @throws PortException.Unavailable {@code broker.version}
     */
    static NatsServerVersion read(String text) {
        Matcher numbers = NUMBERS.matcher(text);
        if (!numbers.find()) {
            throw new PortException.Unavailable("broker.version", "the program does not say its version: " + text);
        }
        return new NatsServerVersion(number(numbers, 1), number(numbers, 2), number(numbers, 3));
    }

    private static int number(Matcher numbers, int group) {
        return Integer.parseInt(numbers.group(group));
    }

    /** Whether it can be told how often to sync its files. */
    boolean knowsSyncInterval() {
        return compareTo(SYNC_INTERVAL) >= 0;
    }

    @Override
    public int compareTo(NatsServerVersion other) {
        int byMajor = Integer.compare(major, other.major);
        int byMinor = byMajor != 0 ? byMajor : Integer.compare(minor, other.minor);
        return byMinor != 0 ? byMinor : Integer.compare(patch, other.patch);
    }

    @Override
    public String toString() {
        return major + "." + minor + "." + patch;
    }
}

package io.machineroom.examples.demo.light;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

/**
 * A site of light nodes as a process of its own, to be measured beside what serves it. Prints a line a second:
 * {@code connected tries created published receipted waiting fetched}. A line {@code speak} or {@code silence} at its input begins and ends
 * events; the end of the input ends it.
 *
 * <p>Arguments: {@code GATEWAY TOKENFILE PREFIX COUNT SPREAD_SECONDS INTERVAL_SECONDS CA_PEM...}.
 */
public final class LightLoad {
    private static final int STEP = 500;

    private LightLoad() {}

    /** The command line. */
    public static void main(String[] args) throws Exception {
        List<Path> authorities =
                List.of(args).subList(6, args.length).stream().map(Path::of).toList();
        LightCrowd crowd = new LightCrowd(authorities.toArray(Path[]::new));
        String token = Files.readString(Path.of(args[1])).strip();
        crowd.enrol(URI.create(args[0]), token, args[2], Integer.parseInt(args[3]), done -> {
            if (done % STEP == 0) {
                System.out.println("enrolled " + done);
            }
        });
        System.out.println("ready");
        crowd.start(seconds(args[4]), seconds(args[5]));
        Thread.ofPlatform().daemon().start(() -> tell(crowd));
        listen(crowd);
        crowd.stop();
        System.exit(0);
    }

    private static Duration seconds(String text) {
        return Duration.ofSeconds(Long.parseLong(text));
    }

    private static void tell(LightCrowd crowd) {
        String before = "";
        while (true) {
            LockSupport.parkNanos(Duration.ofSeconds(1).toNanos());
            System.out.printf(
                    Locale.ROOT,
                    "%d %d %d %d %d %d %d%n",
                    crowd.connectedNow(),
                    crowd.begun(),
                    crowd.createdEvents(),
                    crowd.publishedEvents(),
                    crowd.receiptedEvents(),
                    crowd.waiting(),
                    crowd.fetchedArchives());
            if (!crowd.lastTrouble().equals(before)) {
                before = crowd.lastTrouble();
                System.err.println(before);
            }
        }
    }

    private static void listen(LightCrowd crowd) throws IOException {
        try (var in = new java.io.BufferedReader(
                new java.io.InputStreamReader(System.in, java.nio.charset.StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                crowd.speak(line.equals("speak"));
            }
        }
    }
}

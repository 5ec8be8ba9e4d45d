package io.machineroom.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** {@code election run --keep} with a real nats-server: the command hears of the lead and lives on. */
final class ElectionKeepIT extends NatsCommands {
    @Test
    void aCommandThatIsKeptHearsThatTheLeadIsLostAndWonAgain() throws Exception {
        good(kv("add", "VOTES", "--ttl", "4s", "--history", "1"));
        Path told = folder.resolve("told");
        Path end = folder.resolve("end");
        String script = "trap 'echo lost >> %1$s' USR2; trap 'echo won >> %1$s' USR1; echo up >> %1$s;".formatted(told)
                + " while [ ! -e " + end + " ]; do sleep 0.2; done; exit 7";
        CompletableFuture<Said> run = CompletableFuture.supplyAsync(() -> say(
                "election",
                "run",
                "--keep",
                "--nats",
                url,
                "--bucket",
                "VOTES",
                "--candidate",
                "one",
                "boss",
                "--",
                "sh",
                "-c",
                script));
        until(() -> Files.exists(told) && lines(told).equals(List.of("up")));
        for (int round = 1; round <= 2; round++) {
            int known = lines(told).size();
            good(say("election", "evict", "--nats", url, "--bucket", "VOTES", "boss"));
            until(() -> lines(told).size() == known + 2);
            assertEquals(List.of("lost", "won"), lines(told).subList(known, known + 2));
            assertFalse(run.isDone());
        }
        Files.createFile(end);
        Said said = run.get(30, TimeUnit.SECONDS);
        assertEquals(7, said.exit(), said.err());
        until(() -> kv("get", "VOTES", "boss").exit() == ExitCodes.NO_INPUT);
    }

    private static List<String> lines(Path file) throws java.io.IOException {
        return Files.readAllLines(file);
    }
}

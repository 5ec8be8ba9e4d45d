package io.machineroom.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.app.wiring.DaggerAgentComponent;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** {@code kv watch} over a connection of its own, with a real nats-server that goes and comes. */
final class KvWatchIT extends NatsCommands {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final CompletableFuture<Integer> exit = new CompletableFuture<>();
    private Thread watching = new Thread();

    private void watch(String... what) {
        CommandLine line = new CommandLines(OPTIONS, List.of(), DaggerAgentComponent.factory()::create).commandLine();
        line.setOut(new PrintWriter(out));
        line.setErr(new PrintWriter(err));
        String[] all = java.util.stream.Stream.concat(
                        java.util.stream.Stream.of("kv", "watch", "--nats", url), java.util.stream.Stream.of(what))
                .toArray(String[]::new);
        watching = Thread.ofVirtual().start(() -> exit.complete(line.execute(all)));
    }

    @AfterEach
    void stopWatching() throws Exception {
        watching.interrupt();
        watching.join();
    }

    private List<String> lines() {
        return out.toString().lines().toList();
    }

    private void shows(String... expected) throws Exception {
        until(() -> lines().size() >= expected.length);
        assertEquals(List.of(expected), lines());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a"})
    void whatChangedWhileItsConnectionWasGoneIsTold(String key) throws Exception {
        good(kv("add", "B"));
        good(kv("put", "B", "a", "one"));
        watch(key.isEmpty() ? new String[] {"B"} : new String[] {"B", key});
        shows("a @1 one");
        good(kv("put", "B", "a", "two"));
        shows("a @1 one", "a @2 two");
        kill();
        launch();
        good(kv("put", "B", "a", "three"));
        shows("a @1 one", "a @2 two", "a @3 three");
        good(kv("put", "B", "a", "four"));
        shows("a @1 one", "a @2 two", "a @3 three", "a @4 four");
        assertTrue(!exit.isDone());
    }

    @Test
    void aKeyThatWasDeletedMeanwhileIsTold() throws Exception {
        good(kv("add", "B"));
        good(kv("put", "B", "a", "one"));
        good(kv("put", "B", "b", "kept"));
        watch("B");
        shows("a @1 one", "b @2 kept");
        kill();
        launch();
        good(kv("del", "B", "a"));
        until(() -> lines().size() == 3);
        assertTrue(lines().getLast().matches("a( @3)? deleted"), out::toString);
    }

    @Test
    void itEndsWhenItsBucketIsGone() throws Exception {
        good(kv("add", "B"));
        good(kv("put", "B", "a", "one"));
        watch("B");
        shows("a @1 one");
        good(kv("drop", "B", "--yes"));
        until(exit::isDone);
        assertEquals(ExitCodes.UNAVAILABLE, exit.get());
        assertTrue(err.toString().contains("[bucket.missing]"), err::toString);
    }
}

package io.machineroom.app.cli;

import io.machineroom.domain.authoring.AuthorTools;
import io.machineroom.domain.authoring.Sheet;
import io.machineroom.domain.event.Outgoing;
import io.machineroom.domain.machine.Workbench;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Runs machines in the foreground and prints what happens. */
final class MachineRun {
    private static final long STOP_SECONDS = 15;

    private final AuthorTools tools;
    private final MachineText text;
    private final boolean json;

    MachineRun(AuthorTools tools, MachineText text, boolean json) {
        this.tools = tools;
        this.text = text;
        this.json = json;
    }

    /** A JSON or YAML file that holds a map; an empty map without a file. */
    static Value.Obj document(AuthorTools tools, @Nullable Path file) throws IOException {
        if (file == null) {
            return Value.obj();
        }
        if (!Files.exists(file)) {
            throw new PortException.Refused("machine.file", "there is no file " + file);
        }
        if (tools.document(Files.readAllBytes(file)) instanceof Value.Obj map) {
            return map;
        }
        throw new PortException.Refused("machine.file", file + " must hold a map of keys");
    }

    /** Blocks for that time, or until the process is asked to stop. */
    int go(List<Sheet> sheets, AuthorTools.Given given, Duration length) throws Exception {
        Path scratch = Files.createTempDirectory("machine-run-");
        CountDownLatch stop = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        Thread hook = new Thread(() -> leave(stop, ended), "stop");
        Runtime.getRuntime().addShutdownHook(hook);
        Workbench machines = tools.workbench(sheets, given, scratch, this::told);
        try {
            machines.start();
            stop.await(length.toMillis(), TimeUnit.MILLISECONDS);
            machines.broken().forEach(why -> text.out().println(why));
        } finally {
            machines.stop();
            delete(scratch);
            ended.countDown();
        }
        return machines.broken().isEmpty() ? ExitCodes.OK : ExitCodes.SOFTWARE;
    }

    private static void leave(CountDownLatch stop, CountDownLatch ended) {
        stop.countDown();
        try {
            ended.await(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void told(Outgoing out) {
        Value.Obj data = out.event().data();
        if (json) {
            text.compact(data);
            return;
        }
        String time = out.event().time().toString();
        if (out.event().type().equals("io.choria.machine.v1.transition")) {
            line(
                    time,
                    data,
                    data.text("from_state").orElse("") + " > "
                            + data.text("to_state").orElse("") + " by "
                            + data.text("transition").orElse(""));
        } else if (data.text("name").isPresent() && data.text("type").isPresent()) {
            line(
                    time,
                    data,
                    data.text("type").orElse("") + " " + data.text("name").orElse("") + ": "
                            + data.text("previous_outcome")
                                    .or(() -> data.text("state"))
                                    .orElse("")
                            + data.text("reason").map(reason -> ", " + reason).orElse(""));
        } else {
            line(time, data, out.event().type().replace("io.machineroom.", "").replace(".v1", ""));
        }
    }

    private void line(String time, Value.Obj data, String what) {
        text.out().println(time + " " + data.text("machine").orElse("") + ": " + what);
        text.out().flush();
    }

    private static void delete(Path directory) throws IOException {
        try (var all = Files.walk(directory)) {
            for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}

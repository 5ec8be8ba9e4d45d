package io.machineroom.domain.spooling.submission;

import io.machineroom.domain.event.Events;
import io.machineroom.domain.event.Outgoing;
import io.machineroom.domain.spooling.SharedSpool;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.sim.SimDisk;
import io.machineroom.ports.sim.SimFiles;
import io.machineroom.ports.sim.SimJson;
import io.machineroom.ports.sim.SimKeyring;
import io.machineroom.ports.sim.SimMeter;
import io.machineroom.ports.sim.SimSignatures;
import io.machineroom.ports.sim.SimSpool;
import io.machineroom.ports.sim.SimStorage;
import io.machineroom.ports.sim.SimTasks;
import io.machineroom.ports.spool.Spool;
import io.machineroom.ports.spool.SpoolBounds;
import io.machineroom.ports.spool.SpoolProvider;
import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.Lane;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A submission directory, a spool and what is between them; abstract because it holds no test. */
abstract class SubmissionsWorld {
    static final Duration SOON = Duration.ofSeconds(20);
    static final SubmissionSettings SETTINGS = new SubmissionSettings(50, 64 << 10);

    final SimTasks tasks = new SimTasks(8);
    final SimMeter meter = new SimMeter();
    final SimStorage spoolDisk = new SimStorage(tasks::await);
    final SimDisk disk = new SimDisk(tasks.time(), 4);
    final SimFiles files = new SimFiles(disk, Path.of("/s"));
    final SubmissionDirectory directory = new SubmissionDirectory(files, new SimJson(), SETTINGS);
    final List<Outgoing> told = new ArrayList<>();
    SpoolBounds bounds = SpoolBounds.of(16 << 20, 100_000);
    SharedSpool shared = new SharedSpool(this::open);

    private Spool open() {
        return SimSpool.open(
                spoolDisk,
                new SpoolProvider.Settings(Path.of("spool"), bounds, 64 << 10, 0, SpoolProvider.Durability.EACH_BATCH),
                tasks.time(),
                tasks.entropy());
    }

    Submissions submissions() {
        Events events = new Events("n1", Events.COMPONENT_SERVER, "1", tasks.time(), tasks.entropy());
        return new Submissions(
                shared,
                directory,
                SETTINGS,
                new SubmissionPorts(
                        tasks,
                        tasks.time(),
                        tasks.entropy(),
                        meter,
                        new SimJson(),
                        new SimKeyring(tasks.entropy()),
                        new SimSignatures()),
                new Submissions.Node("n1", events, told::add));
    }

    Tasks.Task start() {
        shared.open();
        return tasks.fork("submissions", submissions()::run);
    }

    Value.Obj file(String subject, int priority) {
        return SubmissionFormat.fresh(
                        subject,
                        "hello world".getBytes(StandardCharsets.UTF_8),
                        "n1",
                        tasks.time().wall(),
                        tasks.entropy())
                .with("priority", Value.num(priority));
    }

    String put(Value.Obj file) {
        return directory.put(SubmissionFormat.read(file, "spare"), tasks.time().wall(), tasks.entropy());
    }

    /** Later names sort behind earlier ones only when the clock goes on. */
    String putNext(Value.Obj file) {
        tasks.advance(Duration.ofMillis(1));
        return put(file);
    }

    List<Delivery> spooled() {
        List<Delivery> out = new ArrayList<>();
        tasks.run(() -> shared.open().walk(out::add));
        return out;
    }

    List<String> subjects(Lane lane) {
        return spooled().stream()
                .filter(d -> d.stamp().lane() == lane && !d.stamp().isVoid())
                .map(d -> d.message().subject().text().replace(Submission.PREFIX + ".", ""))
                .toList();
    }

    int waiting() {
        int all = 0;
        for (int priority = 0; priority < 5; priority++) {
            all += directory.names(priority).size();
        }
        return all;
    }

    boolean empty() {
        return waiting() == 0;
    }
}

package io.machineroom.app.cli;

import io.machineroom.app.graph.AgentGraph;
import io.machineroom.domain.spooling.SpoolDesk;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.spool.Spool;
import io.machineroom.ports.spool.SpoolProvider.Finding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/** Asks the running agent about its spool, or opens the spool when none runs. */
final class SpoolAccess {
    private final AgentGraph agent;
    private final Path control;
    private final Optional<Path> directory;

    SpoolAccess(AgentGraph agent, Path control, Optional<Path> directory) {
        this.agent = agent;
        this.control = control;
        this.directory = directory;
    }

    private Path where() {
        return directory.orElse(agent.spoolFiles().directory());
    }

    /** Hands over the answers, and how far long work is to somebody else. */
    void ask(Value.Obj request, LongConsumer progress, Consumer<Value.Obj> answers) throws InterruptedException {
        Consumer<Value.Obj> sorted =
                answer -> answer.whole("progress").ifPresentOrElse(progress::accept, () -> answers.accept(answer));
        if (!askRunning(request, sorted)) {
            try (Spool spool = agent.spoolFiles().open(directory)) {
                new SpoolDesk(spool, agent.spoolFiles().storage()).handle(request, sorted);
            }
        }
    }

    /** Whether an agent runs and has a spool open. */
    private boolean askRunning(Value.Obj request, Consumer<Value.Obj> answers) throws InterruptedException {
        if (directory.isPresent()) {
            return false;
        }
        try {
            agent.control().call(control, request, answers);
            return true;
        } catch (PortException.Unavailable absent) {
            return false;
        } catch (PortException.Refused refused) {
            if (refused.code().equals("spool.closed")) {
                return false;
            }
            throw refused;
        }
    }

    /** What is wrong: of a stopped agent from the files, of a running one from its records. */
    Value.Obj verify(LongConsumer progress, List<Finding> findings) throws InterruptedException {
        Value.Obj request = Value.obj("command", Value.text("spool"), "action", Value.text("verify"));
        Value.Obj[] last = {Value.obj()};
        boolean running = askRunning(
                request, answer -> answer.whole("progress").ifPresentOrElse(progress::accept, () -> last[0] = answer));
        Value.Obj answer = running
                ? last[0]
                : Value.obj("bytes_read", Value.num(agent.spoolFiles().check(directory, findings::add)));
        return answer.with("running", Value.bool(running))
                .with("findings", Value.num(findings.size()))
                .with("evidence", Value.texts(evidence()));
    }

    /** Opens the spool, which cuts a half record, and reads it, which sets damaged records aside. */
    Value.Obj repair(boolean setAside, LongConsumer progress) throws InterruptedException {
        try (Spool spool = agent.spoolFiles().open(directory)) {
            Value.Obj[] last = {Value.obj()};
            new SpoolDesk(spool, agent.spoolFiles().storage())
                    .handle(
                            Value.obj("action", Value.text("verify")),
                            answer ->
                                    answer.whole("progress").ifPresentOrElse(progress::accept, () -> last[0] = answer));
            return last[0].with("evidence", Value.texts(evidence()));
        } catch (PortException.Corrupted beyond) {
            if (!setAside) {
                throw new PortException.Corrupted(
                        beyond.code(),
                        beyond.getMessage() + "; with --set-aside it is renamed and the agent begins a new one",
                        beyond);
            }
            return Value.obj("set_aside", Value.text(rename().toString()), "why", Value.text(beyond.code()));
        }
    }

    private Path rename() {
        Path from = where();
        int number = 1;
        while (Files.exists(aside(from, number))) {
            number++;
        }
        try {
            return Files.move(from, aside(from, number));
        } catch (IOException e) {
            throw new PortException.Unavailable("file.disk", "cannot rename " + from, e);
        }
    }

    private static Path aside(Path from, int number) {
        return from.resolveSibling(from.getFileName() + ".damaged-" + number);
    }

    private List<String> evidence() {
        Path kept = where().resolve("evidence");
        if (!Files.isDirectory(kept)) {
            return List.of();
        }
        try (var files = Files.list(kept)) {
            return files.map(f -> f.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new PortException.Unavailable("file.disk", "cannot list " + kept, e);
        }
    }
}

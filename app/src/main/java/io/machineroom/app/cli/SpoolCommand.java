package io.machineroom.app.cli;

import io.machineroom.app.config.AgentOptions;
import io.machineroom.app.config.ConfigLoader;
import io.machineroom.app.config.ConfigSource;
import io.machineroom.app.graph.AgentGraph;
import io.machineroom.app.graph.GraphFactory;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.spool.SpoolProvider.Finding;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Looks after the spool of an agent, whether it runs or not. */
@Command(
        name = "spool",
        mixinStandardHelpOptions = true,
        description = "Shows, checks and mends the spool of an agent: the events that the SaaS does not have yet.")
final class SpoolCommand implements Runnable {
    private final AgentOptions options;
    private final GraphFactory graph;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    SpoolCommand(AgentOptions options, GraphFactory graph) {
        this.options = options;
        this.graph = graph;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a spool command is needed");
    }

    @Command(mixinStandardHelpOptions = true, description = "Counts what waits, by lane.")
    int stats(@Mixin SpoolOptions about) throws InterruptedException {
        return show(about, SpoolRequest.of("stats"), SpoolText::stats);
    }

    @Command(mixinStandardHelpOptions = true, description = "Lists what waits, the oldest of each lane first.")
    int ls(
            @Mixin SpoolOptions about,
            @Option(names = "--lane", paramLabel = "LANE", description = "Only urgent, normal, bulk or newest.")
                    @Nullable String lane,
            @Option(names = "--subject", paramLabel = "START", description = "Only subjects that begin so.") @Nullable String subject,
            @Option(names = "--limit", defaultValue = "100", description = "At most so many; default 100.") long limit)
            throws InterruptedException {
        return show(about, SpoolRequest.of("ls").list(lane, subject, limit), SpoolText::line);
    }

    @Command(mixinStandardHelpOptions = true, description = "Adds up what waits, by lane and epoch.")
    int ledger(@Mixin SpoolOptions about) throws InterruptedException {
        return show(about, SpoolRequest.of("ledger"), SpoolText::ledger);
    }

    @Command(
            mixinStandardHelpOptions = true,
            description = "Appends parked events anew, all or those named; with --list shows them.")
    int requeue(
            @Mixin SpoolOptions about,
            @Option(names = "--list", description = "Only show what is parked.") boolean list,
            @Parameters(paramLabel = "NAME", description = "Names as --list shows them.") @Nullable List<String> names)
            throws InterruptedException {
        return list
                ? show(about, SpoolRequest.of("parked"), SpoolText::parked)
                : show(about, SpoolRequest.of("requeue").names(names == null ? List.of() : names), SpoolText::requeued);
    }

    @Command(mixinStandardHelpOptions = true, description = "Writes whole events as JSON, one a line.")
    int export(
            @Mixin SpoolOptions about,
            @Option(names = "--to", paramLabel = "FILE", description = "A new file, mode 0600; else the console.")
                    @Nullable Path file,
            @Option(names = "--lane", paramLabel = "LANE", description = "Only this lane.") @Nullable String lane)
            throws InterruptedException {
        AgentGraph agent = agent(about);
        SpoolAccess access = new SpoolAccess(agent, control(about), about.directory());
        SpoolRequest request = SpoolRequest.of("export").list(lane, null, Long.MAX_VALUE);
        if (file == null) {
            return show(
                    about,
                    request,
                    (v, out) -> out.print(
                            new String(agent.json().write(v), java.nio.charset.StandardCharsets.UTF_8) + "\n"));
        }
        long[] count = {0};
        var owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        try (OutputStream to = java.nio.channels.Channels.newOutputStream(
                Files.newByteChannel(file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), owner))) {
            OutputStream buffered = new java.io.BufferedOutputStream(to, 1 << 16);
            access.ask(
                    request.value(),
                    progress(),
                    answer -> write(buffered, agent.json().write(answer), count));
            buffered.flush();
        } catch (IOException e) {
            throw new PortException.Unavailable("file.disk", "the export cannot be written: " + e, e);
        }
        spec.commandLine().getOut().println(count[0] + " records written to " + file);
        spec.commandLine().getOut().flush();
        return ExitCodes.OK;
    }

    private static void write(OutputStream to, byte[] line, long[] count) {
        try {
            to.write(line);
            to.write('\n');
            count[0]++;
        } catch (IOException e) {
            throw new PortException.Unavailable("file.disk", "the export cannot be written: " + e.getMessage(), e);
        }
    }

    @Command(
            mixinStandardHelpOptions = true,
            description = "Reads everything and says what is damaged; changes nothing. Exit code 65 when something is.")
    int verify(@Mixin SpoolOptions about) throws InterruptedException {
        AgentGraph agent = agent(about);
        SpoolAccess access = new SpoolAccess(agent, control(about), about.directory());
        List<Finding> findings = new ArrayList<>();
        Value.Obj answer = access.verify(progress(), findings);
        SpoolText text = new SpoolText(spec.commandLine().getOut(), agent.json(), about.isJson());
        findings.forEach(text::finding);
        text.print(answer, SpoolText::verified);
        boolean sound = findings.isEmpty() && answer.whole("damaged").orElse(0L) == 0;
        return sound ? ExitCodes.OK : ExitCodes.DATA;
    }

    @Command(
            mixinStandardHelpOptions = true,
            description =
                    "Cuts a half record at the end, sets damaged records aside as evidence. The agent must be stopped.")
    int repair(
            @Mixin SpoolOptions about,
            @Option(
                            names = "--set-aside",
                            description =
                                    "When the spool cannot be opened at all, rename it, so that the agent begins a new one.")
                    boolean setAside)
            throws InterruptedException {
        AgentGraph agent = agent(about);
        SpoolAccess access = new SpoolAccess(agent, control(about), about.directory());
        SpoolText text = new SpoolText(spec.commandLine().getOut(), agent.json(), about.isJson());
        text.print(access.repair(setAside, progress()), SpoolText::repaired);
        return ExitCodes.OK;
    }

    private int show(SpoolOptions about, SpoolRequest request, SpoolText.Form form) throws InterruptedException {
        AgentGraph agent = agent(about);
        SpoolAccess access = new SpoolAccess(agent, control(about), about.directory());
        SpoolText text = new SpoolText(spec.commandLine().getOut(), agent.json(), about.isJson());
        access.ask(request.value(), progress(), answer -> text.print(answer, form));
        return ExitCodes.OK;
    }

    private AgentGraph agent(SpoolOptions about) {
        return graph.create(options, source(about));
    }

    private Path control(SpoolOptions about) {
        return source(about).base().controlSocket();
    }

    private ConfigSource source(SpoolOptions about) {
        return new ConfigSource(new ConfigLoader(options.defaults(), System.getenv()), about.config());
    }

    private java.util.function.LongConsumer progress() {
        PrintWriter err = spec.commandLine().getErr();
        return records -> {
            err.println("… " + records + " records");
            err.flush();
        };
    }

    /** A request in the making. */
    private record SpoolRequest(Value.Obj value) {
        static SpoolRequest of(String action) {
            return new SpoolRequest(Value.obj("command", Value.text("spool"), "action", Value.text(action)));
        }

        SpoolRequest list(@Nullable String lane, @Nullable String subject, long limit) {
            Value.Obj more = value.with("limit", Value.num(limit));
            more = Optional.ofNullable(lane).isPresent() ? more.with("lane", Value.text(String.valueOf(lane))) : more;
            return new SpoolRequest(subject == null ? more : more.with("subject", Value.text(subject)));
        }

        SpoolRequest names(List<String> names) {
            return new SpoolRequest(value.with("names", Value.texts(names)));
        }
    }
}

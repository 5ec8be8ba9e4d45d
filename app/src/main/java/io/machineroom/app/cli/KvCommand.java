package io.machineroom.app.cli;

import io.machineroom.app.config.AgentOptions;
import io.machineroom.app.graph.AgentGraph;
import io.machineroom.app.graph.GraphFactory;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.watcher.Durations;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Reads and writes buckets. */
@Command(
        name = "kv",
        mixinStandardHelpOptions = true,
        description = "Reads and writes keys of buckets, through the running agent or over a connection of its own.")
final class KvCommand implements Runnable {
    private static final int MAX_VALUE = 1 << 20;

    private final AgentOptions options;
    private final GraphFactory graph;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    KvCommand(AgentOptions options, GraphFactory graph) {
        this.options = options;
        this.graph = graph;
    }

    /** What a command writes, and where. */
    static final class Given {
        @Parameters(index = "0", paramLabel = "BUCKET")
        private String bucket = "";

        @Parameters(index = "1", paramLabel = "KEY")
        private String key = "";

        @Parameters(
                index = "2",
                paramLabel = "VALUE",
                arity = "0..1",
                description = "The value; - reads it from standard input.")
        private @Nullable String text;

        @Option(names = "--file", paramLabel = "FILE", description = "Reads the value from a file.")
        private @Nullable Path file;

        /** One byte more than can be, at most, so that too much is seen. */
        byte[] read(CommandSpec spec) {
            if ((text == null) == (file == null)) {
                throw new ParameterException(spec.commandLine(), "either VALUE or --file FILE is needed");
            }
            try {
                if (file != null) {
                    try (InputStream in = Files.newInputStream(file)) {
                        return in.readNBytes(MAX_VALUE + 1);
                    }
                }
                String given = text == null ? "" : text;
                return given.equals("-")
                        ? System.in.readNBytes(MAX_VALUE + 1)
                        : given.getBytes(java.nio.charset.StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new PortException.Refused("file.missing", "the value cannot be read: " + e, e);
            }
        }
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a kv command is needed");
    }

    @Command(mixinStandardHelpOptions = true, description = "Prints a value as it is. Exit code 66 when there is none.")
    int get(
            @Mixin NatsOption over,
            @Parameters(paramLabel = "BUCKET") String bucket,
            @Parameters(paramLabel = "KEY") String key)
            throws InterruptedException {
        return ask(over, request("get", bucket, key), KvText::raw);
    }

    @Command(mixinStandardHelpOptions = true, description = "Sets a value, whatever is there.")
    int put(@Mixin NatsOption over, @Mixin Given given) throws InterruptedException {
        return ask(over, write("put", given), KvText::revision);
    }

    @Command(
            mixinStandardHelpOptions = true,
            description = "Sets the first value. Exit code 75 when there is one already.")
    int create(@Mixin NatsOption over, @Mixin Given given) throws InterruptedException {
        return ask(over, write("create", given), KvText::revision);
    }

    @Command(
            mixinStandardHelpOptions = true,
            description = "Replaces the value of a revision. Exit code 75 when it is another revision's already.")
    int update(
            @Mixin NatsOption over,
            @Option(names = "--revision", required = true, paramLabel = "N", description = "As get --json tells it.")
                    long revision,
            @Mixin Given given)
            throws InterruptedException {
        return ask(over, write("update", given).with("revision", Value.num(revision)), KvText::revision);
    }

    @Command(mixinStandardHelpOptions = true, description = "Removes a key; with --revision only when it is that one.")
    int del(
            @Mixin NatsOption over,
            @Option(names = "--revision", paramLabel = "N", description = "Exit code 75 when it moved on.") @Nullable Long revision,
            @Parameters(paramLabel = "BUCKET") String bucket,
            @Parameters(paramLabel = "KEY") String key)
            throws InterruptedException {
        Value.Obj request = request("del", bucket, key);
        return ask(over, revision == null ? request : request.with("revision", Value.num(revision)), KvText::deleted);
    }

    @Command(mixinStandardHelpOptions = true, description = "Lists the keys of a bucket.")
    int ls(@Mixin NatsOption over, @Parameters(paramLabel = "BUCKET") String bucket) throws InterruptedException {
        return ask(over, request("ls", bucket, ""), KvText::key);
    }

    @Command(mixinStandardHelpOptions = true, description = "Shows what is there and each change, until stopped.")
    int watch(
            @Mixin NatsOption over,
            @Parameters(paramLabel = "BUCKET") String bucket,
            @Parameters(paramLabel = "KEY", arity = "0..1", description = "Only this key.") @Nullable String key)
            throws InterruptedException {
        return ask(over, request("watch", bucket, key == null ? "" : key), KvText::change);
    }

    @Command(mixinStandardHelpOptions = true, description = "Shows the values of a key that the bucket still has.")
    int history(
            @Mixin NatsOption over,
            @Parameters(paramLabel = "BUCKET") String bucket,
            @Parameters(paramLabel = "KEY") String key)
            throws InterruptedException {
        return ask(over, request("history", bucket, key), KvText::change);
    }

    @Command(mixinStandardHelpOptions = true, description = "Shows how a bucket is made and what it holds.")
    int status(@Mixin NatsOption over, @Parameters(paramLabel = "BUCKET") String bucket) throws InterruptedException {
        return ask(over, request("status", bucket, ""), KvText::status);
    }

    /** How a bucket is to be made. */
    static final class Shape {
        @Option(
                names = "--ttl",
                paramLabel = "TIME",
                description = "How long values are kept, as 1m; default for ever.")
        private String ttl = "0s";

        @Option(names = "--history", paramLabel = "N", description = "Values kept for each key, 1 to 64; default 5.")
        private long history = 5;

        @Option(
                names = "--replicas",
                paramLabel = "N",
                description = "Copies in a cluster, 1 to 5; default 1, and 3 at a site with standbys.")
        private @Nullable Long replicas;

        @Option(names = "--max-bucket-size", paramLabel = "BYTES", description = "Of all values; default no bound.")
        private long maxBytes;

        @Option(names = "--max-value-size", paramLabel = "BYTES", description = "Of one value; default the server's.")
        private long maxValue;

        @Option(names = "--description", paramLabel = "TEXT", description = "For people.")
        private String description = "";

        Value.Obj into(Value.Obj request, CommandSpec spec) {
            try {
                Value.Obj copied = replicas == null ? request : request.with("replicas", Value.num(replicas));
                return copied.with("ttl_millis", Value.num(Durations.parse(ttl).toMillis()))
                        .with("history", Value.num(history))
                        .with("max_bytes", Value.num(maxBytes))
                        .with("max_value_bytes", Value.num(maxValue))
                        .with("description", Value.text(description));
            } catch (IllegalArgumentException e) {
                throw new ParameterException(
                        spec.commandLine(), "'" + ttl + "' is no time; use a number with s, m, h or d", e);
            }
        }
    }

    @Command(
            aliases = "new",
            mixinStandardHelpOptions = true,
            description = "Makes a bucket; one that is there stays as it is. Needs rights that a node does not have.")
    int add(@Mixin NatsOption over, @Mixin Shape shape, @Parameters(paramLabel = "BUCKET") String bucket)
            throws InterruptedException {
        return ask(over, shape.into(request("add", bucket, ""), spec), KvText::status);
    }

    @Command(mixinStandardHelpOptions = true, description = "Removes a bucket and all it holds.")
    int drop(
            @Mixin NatsOption over,
            @Option(names = "--yes", description = "Really.") boolean yes,
            @Parameters(paramLabel = "BUCKET") String bucket)
            throws InterruptedException {
        if (!yes) {
            throw new ParameterException(spec.commandLine(), "this removes all values of " + bucket + "; add --yes");
        }
        return ask(over, request("drop", bucket, ""), KvText::dropped);
    }

    private static Value.Obj request(String action, String bucket, String key) {
        return Value.obj("command", Value.text("kv"), "action", Value.text(action))
                .with("bucket", Value.text(bucket))
                .with("key", Value.text(key));
    }

    private Value.Obj write(String action, Given given) {
        byte[] value = given.read(spec);
        if (value.length > MAX_VALUE) {
            throw new PortException.Refused(
                    "bucket.too-large", "the value is larger than a bucket takes, " + MAX_VALUE + " bytes (1 MiB)");
        }
        return request(action, given.bucket, given.key)
                .with("value", Value.text(Base64.getEncoder().encodeToString(value)));
    }

    private int ask(NatsOption over, Value.Obj request, KvText.Form form) throws InterruptedException {
        AgentGraph agent = over.agent(options, graph);
        KvText text = new KvText(spec.commandLine().getOut(), agent.json(), over.isJson());
        over.ask(options, agent, request, answer -> text.print(answer, form));
        return ExitCodes.OK;
    }
}

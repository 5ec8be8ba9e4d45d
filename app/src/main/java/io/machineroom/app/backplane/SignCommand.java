package io.machineroom.app.backplane;

import io.machineroom.domain.backplane.Founding;
import io.machineroom.domain.backplane.SpecificationSigner;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Signs a list of machines. */
@Command(
        name = "sign",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Sign a list of machines with the offline key. Needs no running backplane.")
final class SignCommand implements Callable<Integer> {
    private static final int MAX_BYTES = 1 << 19;

    private final Function<StateDirectory, BackplaneGraph> graphs;

    @Mixin
    private final OfflineOption offline = new OfflineOption();

    @Option(names = "--customer", paramLabel = "C", required = true, description = "Customer it is for.")
    private String customer = "";

    @Option(names = "--site", paramLabel = "S", defaultValue = "", description = "Only for this site.")
    private String site = "";

    @Option(names = "--serial", paramLabel = "N", description = "Serial (default: one more than the last signed).")
    private @Nullable Long serial;

    @Option(
            names = "--valid",
            defaultValue = "90d",
            converter = Days.class,
            description = "How long it may be adopted (default: ${DEFAULT-VALUE}).")
    private Duration valid = Duration.ofDays(90);

    @Option(names = "--out", paramLabel = "FILE", required = true, description = "File for the signed list.")
    private Path out = Path.of("signed.json");

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Parameters(paramLabel = "LIST", description = "JSON list of entries: name, source, checksum, verify_checksum.")
    private Path list = Path.of("plugins.json");

    @Spec
    private CommandSpec spec = CommandSpec.create();

    SignCommand(Function<StateDirectory, BackplaneGraph> graphs) {
        this.graphs = graphs;
    }

    @Override
    public Integer call() {
        BackplaneGraph graph = graphs.apply(new StateDirectory(offline.path()));
        byte[] bytes = graph.hostFiles()
                .read(list.toAbsolutePath(), MAX_BYTES)
                .orElseThrow(() -> new PortException.Refused("sign.list", list + " cannot be read"));
        Founding.Place there = offline.place(graph);
        SpecificationSigner signer = new SpecificationSigner(there, graph.means(), graph.signatures());
        SpecificationSigner.Signed signed =
                signer.sign(bytes, new SpecificationSigner.Target(customer, site, Optional.ofNullable(serial), valid));
        Path file = out.toAbsolutePath().normalize();
        graph.hostFiles().replace(file, graph.json().write(signed.document()), 0644, "", "");
        Value.Obj told = Value.obj(
                "serial",
                Value.num(signed.serial()),
                "customer",
                Value.text(customer),
                "file",
                Value.text(file.toString()));
        var terminal = spec.commandLine().getOut();
        terminal.println(
                json
                        ? new String(graph.json().write(told), StandardCharsets.UTF_8)
                        : "signed serial " + signed.serial() + " for " + customer + ": " + file);
        terminal.flush();
        return BackplaneExit.OK;
    }
}

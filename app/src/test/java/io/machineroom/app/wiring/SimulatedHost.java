package io.machineroom.app.wiring;

import io.machineroom.http.SimulatedHttp;
import io.machineroom.ports.broker.Broker;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.data.YamlFormat;
import io.machineroom.ports.event.EventFormat;
import io.machineroom.ports.gateway.Gateway;
import io.machineroom.ports.host.ArchiveReader;
import io.machineroom.ports.host.FactSource;
import io.machineroom.ports.host.FileTree;
import io.machineroom.ports.host.HostFiles;
import io.machineroom.ports.host.ProcessRunner;
import io.machineroom.ports.runtime.Entropy;
import io.machineroom.ports.runtime.Meter;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.runtime.TimeSource;
import io.machineroom.ports.security.CertificateIssuer;
import io.machineroom.ports.security.Keyring;
import io.machineroom.ports.security.Signatures;
import io.machineroom.ports.spool.SpoolProvider;
import io.machineroom.ports.transport.Transport;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What stands in for the machine, the codecs and the adapters of one simulated agent.
 *
 * @param system tasks, clocks, chance, measures
 * @param documents formats and signatures
 * @param disk files of all kinds
 * @param ways out of the host
 * @param servers what it can serve others with
 */
public record SimulatedHost(Machine system, Documents documents, Disk disk, Ways ways, Servers servers) {
    public record Machine(Tasks tasks, TimeSource time, Entropy entropy, Meter meter) {}

    public record Documents(JsonFormat json, YamlFormat yaml, List<EventFormat> formats, Signatures signatures) {}

    /** Everything on this host. */
    public record Disk(
            Function<Path, FileTree> trees,
            Function<FileTree, Keyring> keyrings,
            HostFiles hostFiles,
            ArchiveReader archives,
            ProcessRunner processes,
            FactSource facts) {}

    /** Ways out, and the spool. */
    public record Ways(
            Transport nats, SimulatedHttp.Parts http, Supplier<HttpClient.Builder> clients, SpoolProvider spools) {}

    /** What the leader of a site opens, and what it shows. */
    public record Servers(Broker broker, Gateway gateway, CertificateIssuer certificates) {}
}

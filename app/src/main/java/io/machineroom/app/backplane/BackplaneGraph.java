package io.machineroom.app.backplane;

import io.machineroom.app.host.PrometheusMeter;
import io.machineroom.domain.backplane.Equipment;
import io.machineroom.domain.backplane.Founding;
import io.machineroom.ports.broker.BrokerAuthority;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.data.YamlFormat;
import io.machineroom.ports.host.ArchiveWriter;
import io.machineroom.ports.host.ControlSocket;
import io.machineroom.ports.host.FileTree;
import io.machineroom.ports.host.HostFiles;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.security.CertificateIssuer;
import io.machineroom.ports.security.Keyring;
import io.machineroom.ports.security.Signatures;
import java.nio.file.Path;
import java.util.function.Function;

/** What the commands need of a component. */
interface BackplaneGraph {
    StateDirectory state();

    Tasks tasks();

    JsonFormat json();

    YamlFormat yaml();

    HostFiles hostFiles();

    Signatures signatures();

    CertificateIssuer certificates();

    BrokerAuthority authority();

    ControlSocket control();

    ArchiveWriter archives();

    Founding.Means means();

    /** Opens a directory as a tree; made with mode 0700 when missing. */
    Function<Path, FileTree> trees();

    /** Keys of a directory. */
    Function<Path, Keyring> keyrings();

    Equipment.Trust trust();

    Equipment.Doors doors();

    PrometheusMeter metrics();

    /** Opens the event log. To be asked for once, by {@code up}; the service closes it. */
    Equipment.Host host();
}

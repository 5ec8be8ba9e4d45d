package io.machineroom.domain.watcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.machineroom.domain.deployment.DeploymentWorld;
import io.machineroom.ports.artifact.ArtifactStore;
import io.machineroom.ports.host.ArchiveReader;
import io.machineroom.ports.security.Signatures;
import io.machineroom.ports.sim.SimFiles;
import io.machineroom.ports.watcher.Outcome;
import io.machineroom.ports.watcher.Watcher;
import io.machineroom.ports.watcher.Watcher.Trigger;
import org.junit.jupiter.api.Test;

final class ArchiveWatcherTest {
    private static final String MUST = "'source':'https://a/b.tgz','creates':'app','target':'/opt','checksum':'c'";

    private final Bench bench = new Bench();
    private final ArchiveWatcher.Type type = new ArchiveWatcher.Type();

    @Test
    void b076ABadTemplateOfTheSumIsNamed() {
        DeploymentWorld world = new DeploymentWorld(1);
        bench.ports.put(Trees.class, (Trees) root -> new SimFiles(world.disk, root));
        bench.ports.put(Signatures.class, world.signatures());
        bench.ports.put(ArtifactStore.class, world.artifacts);
        bench.ports.put(ArchiveReader.class, world.archives());
        Watcher watcher = bench.make(type, "{" + MUST + ",'verify':'SHA256SUMS','verify_checksum':'{{bad}}'}");
        Outcome.Failed failed = assertInstanceOf(Outcome.Failed.class, bench.ask(watcher, Trigger.START));
        assertEquals("archive.template: could not parse template on verify_checksum property", failed.reason());
    }

    @Test
    void propertiesAreCheckedInTheirOrder() {
        assertEquals("source is required", bench.fault(type, "{}"));
        assertEquals("creates is required", bench.fault(type, "{'source':'s'}"));
        assertEquals("target is required", bench.fault(type, "{'source':'s','creates':'c'}"));
        assertEquals("checksum is required", bench.fault(type, "{'source':'s','creates':'c','target':'t'}"));
        assertEquals(
                "verify_checksum is required if verify is set",
                bench.fault(type, "{" + MUST + ",'verify':'SHA256SUMS'}"));
        assertEquals("password is required when username is given", bench.fault(type, "{" + MUST + ",'username':'u'}"));
        assertEquals("", bench.fault(type, "{" + MUST + "}"));
    }

    @Test
    void b086PrefixesHoldNoUnderscore() {
        assertEquals(
                "manager_machine_prefix may not contain underscore",
                bench.fault(PluginsWatcher.unattached(), "{'data_item':'x','manager_machine_prefix':'plugin_foo'}"));
        assertEquals("data_item is required", bench.fault(PluginsWatcher.olderUnattached(), "{}"));
    }
}

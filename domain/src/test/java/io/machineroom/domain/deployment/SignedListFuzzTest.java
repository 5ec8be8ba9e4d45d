package io.machineroom.domain.deployment;

import io.machineroom.ports.data.Value;
import io.machineroom.ports.fuzz.Fuzz;
import io.machineroom.ports.security.KeyRole;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Random envelopes, and random lists that are rightly signed, never harm what runs and never leave their folders. */
final class SignedListFuzzTest {
    private final DeploymentWorld world = new DeploymentWorld(1);
    private final Deployer deployer = world.deployer();
    private final Value.Obj kept = world.pack("kept", Map.of("machine.yaml", "kept"));
    private final String digest = kept.text("verify_checksum").orElseThrow();
    private final Fuzz envelopes = new Fuzz("envelope", Set.of("json.invalid", "json.too-large"), this::envelope);
    private final Fuzz lists = new Fuzz("list", Set.of(), this::list);
    private long serial = 1;

    private void envelope(String text) {
        if (serial == 1) {
            Value.Obj list = world.sign(serial++, kept);
            world.apply(deployer, list);
            world.health.put("kept", new PluginHost.Running(digest));
            world.apply(deployer, list);
        }
        Value document = world.json.read(text.getBytes(StandardCharsets.UTF_8));
        String error = world.apply(deployer, document).error();
        if (!error.startsWith("spec.")) {
            throw new IllegalStateException("an unsigned document was taken: " + error);
        }
        whole();
    }

    private void list(String text) {
        world.tasks.advance(java.time.Duration.ofMinutes(1));
        Value.Obj document = SignedSpecification.sign(
                        text.getBytes(StandardCharsets.UTF_8),
                        world.meta(serial++),
                        world.json,
                        world.signatures(),
                        bytes -> world.signer.sign(KeyRole.IDENTITY, bytes))
                .toValue();
        world.apply(deployer, document);
        world.sent.clear();
        for (String name : world.tree().keySet()) {
            if (!name.matches(
                    "(lists|downloads|staging)/[^/]+|[a-zA-Z][a-zA-Z0-9_-]*\\.current|versions/[^.]+/[^.].*")) {
                throw new IllegalStateException("the list made " + name);
            }
        }
    }

    private void whole() {
        if (!world.plugins()
                        .pointer("kept")
                        .map(PluginPointer::current)
                        .orElse("")
                        .equals(digest)
                || !world.plugins().difference("kept", digest).none()) {
            throw new IllegalStateException("what ran does not any more");
        }
        world.sent.clear();
    }

    @Test
    void survivesRandomEnvelopes() throws IOException {
        envelopes.run();
    }

    @Test
    void survivesEnvelopesThatWereKept() throws IOException {
        envelopes.replay();
    }

    @Test
    void survivesRandomLists() throws IOException {
        lists.run();
    }

    @Test
    void survivesListsThatWereKept() throws IOException {
        lists.replay();
    }
}

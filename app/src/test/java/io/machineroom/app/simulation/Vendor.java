package io.machineroom.app.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.machineroom.domain.backplane.SpecificationSigner;
import io.machineroom.domain.deployment.ChecksumManifest;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.security.Signatures;
import io.machineroom.ports.sim.Tars;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Who makes machines, signs lists and puts them in force, however often that takes. */
final class Vendor {
    static final String PLUGIN = "probe";
    private static final Path INBOX = Path.of("/saas/inbox");

    private final SimWorld world;
    private final Map<String, String> published = new LinkedHashMap<>();
    private String wanted = "";
    private long wantedSince;
    private long inForce;

    Vendor(SimWorld world) {
        this.world = world;
    }

    /** Kinds of versions. */
    enum Version {
        ONE("1.0.0", true),
        TWO("2.0.0", true),
        /** One whose machine cannot be loaded. */
        BAD("6.6.6", false);

        private final String number;
        private final boolean good;

        Version(String number, boolean good) {
            this.number = number;
            this.good = good;
        }
    }

    private static String manifest(Version version) {
        return """
                name: probe
                version: %s
                initial_state: %s
                transitions:
                  - name: fail
                    from: [OK]
                    destination: BAD
                  - name: recover
                    from: [BAD]
                    destination: OK
                watchers:
                  - name: check
                    type: %s
                    interval: 5m
                    state_match: [OK, BAD]
                    fail_transition: fail
                    success_transition: recover
                    properties:
                      command: check
                      timeout: 20s
                """.formatted(version.number, version.good ? "OK" : "NOWHERE", version.good ? "exec" : "there-is-none");
    }

    /** Puts a list with that version in force as soon as the SaaS can be asked. */
    void publish(Version version) {
        Ready ready = world.saas().box().calmly(() -> prepare(version));
        deploy(ready.serial(), ready.list(), ready.archive());
    }

    /** What lies in the inbox. */
    private record Ready(long serial, Path list, Path archive) {}

    private Ready prepare(Version version) {
        Signatures signatures = world.saas().box().signatures();
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("machine.yaml", manifest(version).getBytes(UTF_8));
        files.put(
                "notes/readme.txt",
                ("version " + version.number + "\n").repeat(50).getBytes(UTF_8));
        Map<String, String> sums = new LinkedHashMap<>();
        files.forEach((name, content) -> sums.put(name, signatures.sha256(content)));
        byte[] manifest = ChecksumManifest.of(sums).text();
        Tars tar = new Tars().directory(PLUGIN, 0755).directory(PLUGIN + "/notes", 0755);
        files.forEach((name, content) -> tar.file(PLUGIN + "/" + name, 0644, content));
        byte[] archive =
                tar.file(PLUGIN + "/" + ChecksumManifest.FILE, 0644, manifest).gzip();
        String file = PLUGIN + "-" + version.number + ".tgz";
        world.saas().box().disk().put(INBOX.resolve(file), archive);
        String digest = signatures.sha256(manifest);
        published.put(digest, version.number);
        wanted = digest;
        wantedSince = world.now();
        Value.Obj entry = Value.obj("name", Value.text(PLUGIN))
                .with("source", Value.text("https://" + Saas.GATE + ":8443/v1/artifacts/" + file))
                .with("checksum", Value.text(signatures.sha256(archive)))
                .with("verify_checksum", Value.text(digest));
        byte[] list = world.codecs().json().write(Value.arr(entry));
        SpecificationSigner signer =
                new SpecificationSigner(world.saas().offline(), world.saas().means(), signatures);
        SpecificationSigner.Signed signed = signer.sign(
                list, new SpecificationSigner.Target(Saas.CUSTOMER, "", Optional.empty(), Duration.ofDays(90)));
        Path document = INBOX.resolve("list-" + signed.serial() + ".json");
        world.saas().box().disk().put(document, world.codecs().json().write(signed.document()));
        world.saas().box().tree(INBOX).sync("");
        return new Ready(signed.serial(), document, INBOX.resolve(file));
    }

    private void deploy(long serial, Path list, Path archive) {
        if (serial < inForce) {
            return;
        }
        Value.Obj request = Value.obj("command", Value.text("deploy"), "customer", Value.text(Saas.CUSTOMER))
                .with("list", Value.text(list.toString()))
                .with("artifacts", Value.texts(List.of(archive.toString())))
                .with("unchecked", Value.bool(false));
        Saas.Told told = world.saas().ask(request);
        if (told.done() && !told.answers().isEmpty()) {
            inForce = Math.max(inForce, serial);
            world.log("list " + serial + " is in force");
        } else {
            world.log("list " + serial + " not yet: " + told.code());
            world.later(Duration.ofSeconds(20), "deploy again", () -> deploy(serial, list, archive));
        }
    }

    /** Believes the operator of a node that was reset: a while later its name is free again. */
    void release(String identity) {
        world.later(Duration.ofSeconds(60), "release", () -> {
            Value.Obj request = Value.obj("command", Value.text("release"), "customer", Value.text(Saas.CUSTOMER))
                    .with("identity", Value.text(identity));
            if (world.saas().ask(request).code().equals("down")) {
                release(identity);
            }
        });
    }

    /** Names the leader of a site as soon as the SaaS can be asked; then goes on. */
    void appoint(String site, String identity, String before, Runnable then) {
        Value.Obj request = Value.obj("command", Value.text("site-leader"), "customer", Value.text(Saas.CUSTOMER))
                .with("site", Value.text(site))
                .with("leader", Value.text(identity))
                .with("instead_of", Value.text(before));
        // another one may still wait to be appointed there before
        if (Set.of("down", "site.leader").contains(world.saas().ask(request).code())) {
            world.later(Duration.ofSeconds(20), "appoint again", () -> appoint(site, identity, before, then));
        } else {
            then.run();
        }
    }

    /** Digest of what should run; empty before the first list. */
    String wanted() {
        return wanted;
    }

    /** Ticks since when. */
    long wantedSince() {
        return wantedSince;
    }

    /** Versions that the vendor ever published, by digest. */
    Map<String, String> published() {
        return published;
    }
}

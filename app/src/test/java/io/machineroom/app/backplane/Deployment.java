package io.machineroom.app.backplane;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Brings a machine to the nodes of customer acme, as a vendor does. */
final class Deployment {
    private final RunningBackplane backplane;
    private final Path directory;

    Deployment(RunningBackplane backplane, Path directory) {
        this.backplane = backplane;
        this.directory = directory;
    }

    /** A machine that runs a command each second. */
    private Path machine(String name) throws IOException {
        Path folder = Files.createDirectories(directory.resolve(name + "-1.0.0").resolve(name));
        Files.writeString(folder.resolve("machine.yaml"), """
                name: %s
                version: 1.0.0
                initial_state: WATCH
                transitions:
                  - name: beat
                    from: [WATCH]
                    destination: WATCH
                watchers:
                  - name: heart
                    type: exec
                    interval: 1s
                    success_transition: beat
                    properties:
                      command: "true"
                      timeout: 5s
                """.formatted(name));
        return folder;
    }

    void deploy(String name) throws IOException {
        Path archive = directory.resolve(name + "-1.0.0.tgz");
        String url = backplane.gateway() + "/v1/artifacts/" + archive.getFileName();
        String entry = backplane.command("pack", machine(name).toString(), "--out", archive.toString(), "--url", url);
        Path list = Files.writeString(directory.resolve("list.json"), "[" + entry.strip() + "]");
        Path signed = directory.resolve("signed.json");
        backplane.command(
                "sign",
                "--offline",
                backplane.offline.toString(),
                "--customer",
                "acme",
                "--serial",
                "1",
                "--out",
                signed.toString(),
                list.toString());
        backplane.command(
                "deploy",
                "--state",
                backplane.state.toString(),
                "--customer",
                "acme",
                "--artifact",
                archive.toString(),
                signed.toString());
    }
}

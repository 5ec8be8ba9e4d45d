package io.machineroom.domain.deployment;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.machineroom.ports.data.Value;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.sim.SimArtifacts;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DeployerTurnsTest {
    @Test
    void theSecondTaskWaitsAndFindsTheWorkDone() {
        DeploymentWorld world = new DeploymentWorld(1);
        Value.Obj entry = world.pack("web", Map.of("machine.yaml", "name: web\n"));
        world.artifacts.lie(
                URI.create(entry.text("source").orElseThrow()), new SimArtifacts.Lie.Slow(Duration.ofSeconds(3)));
        DeployerTurns turns = new DeployerTurns(world.deployer(), world.tasks);
        Deployer.Round round = world.round(world.sign(1, entry));
        List<Deployer.Answer> answers = new ArrayList<>();
        world.tasks.run(() -> {
            List<Tasks.Task> both = new ArrayList<>();
            for (String name : List.of("one", "two")) {
                both.add(world.tasks.fork(name, () -> answers.add(turns.apply(round))));
            }
            for (Tasks.Task task : both) {
                task.join(Duration.ofMinutes(1));
            }
        });
        assertEquals(
                List.of("", ""), answers.stream().map(Deployer.Answer::error).toList());
        assertEquals(1, world.artifacts.asked().size(), "how often it was fetched");
    }
}

package io.machineroom.domain.machine;

import io.machineroom.ports.PortException;
import io.machineroom.ports.host.ProcessRunner;
import io.machineroom.ports.runtime.Tasks;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;

/**
 * The one program of built-in machines, {@code facts}: what the original starts its own binary for is done within this
 * process, so that the machine costs nothing between two gatherings. There is no other program for them.
 */
final class ChoreProcesses implements ProcessRunner {
    static final String FACTS = "facts";

    private static final System.Logger LOG = System.getLogger(ChoreProcesses.class.getName());

    private final Tasks.Body gather;

    ChoreProcesses(Tasks.Body gather) {
        this.gather = gather;
    }

    @Override
    public Result run(Command command) throws InterruptedException {
        if (!command.argv().getFirst().equals(FACTS)) {
            throw unknown(command);
        }
        try {
            gather.run();
            return new Result(0, new byte[0], new byte[0], false, false);
        } catch (PortException e) {
            String why = e.code() + ": " + e.getMessage();
            LOG.log(Level.WARNING, () -> "the facts were not refreshed: " + why);
            return new Result(1, why.getBytes(StandardCharsets.UTF_8), new byte[0], false, false);
        }
    }

    @Override
    public Child start(Command command) {
        throw unknown(command);
    }

    private static PortException.Refused unknown(Command command) {
        return new PortException.Refused(
                "exec.not-found",
                "built-in machines have no program " + command.argv().getFirst());
    }
}

package io.machineroom.app.cli;

import io.machineroom.domain.orchestration.GovernorDesk;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.host.ControlSocket;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Runs a command while the agent holds a slot for it. One thread calls {@link #go}, once. */
final class GovernorRun {
    private static final long LOOK_MILLIS = 100;
    private static final long USUAL_GRACE_MILLIS = 1_000;
    private static final long PARTING_MILLIS = 3_000;

    private final ControlSocket control;
    private final Path socket;
    private final PrintWriter err;
    private final LinkedBlockingQueue<Boolean> entered = new LinkedBlockingQueue<>();
    /** A command that lost its slot must have ended before the slot ends; the agent tells how long that is. */
    private volatile long graceMillis = USUAL_GRACE_MILLIS;

    private final CompletableFuture<@Nullable PortException> ended = new CompletableFuture<>();

    GovernorRun(ControlSocket control, Path socket, PrintWriter err) {
        this.control = control;
        this.socket = socket;
        this.err = err;
    }

    /** Returns the exit code of the command, or why there was no slot for it. */
    int go(Value.Obj request, List<String> command, boolean lateIsFine) throws InterruptedException {
        Thread holder = Thread.ofVirtual().name("hold").start(() -> hold(request));
        try {
            while (entered.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS) == null) {
                if (ended.isDone() && entered.isEmpty()) {
                    return refused(lateIsFine);
                }
            }
            return work(command);
        } finally {
            // the end of this side tells the agent that the slot is free
            holder.interrupt();
            holder.join(PARTING_MILLIS);
        }
    }

    private void hold(Value.Obj request) {
        try {
            control.call(socket, request, answer -> {
                long grace = answer.whole(GovernorDesk.GRACE).orElse(USUAL_GRACE_MILLIS);
                if (answer.bool(HeldRequests.ENDING).orElse(false)) {
                    graceMillis = Math.min(graceMillis, grace);
                    ended.complete(new PortException.Unavailable(
                            "governor.lost", "the agent that held the slot stops: the command was stopped"));
                    return;
                }
                graceMillis = grace;
                entered.add(true);
            });
            ended.complete(null);
        } catch (PortException e) {
            ended.complete(e);
        } catch (InterruptedException e) {
            ended.complete(new PortException.Unavailable("control.absent", "no slot is needed any more", e));
        }
    }

    private int refused(boolean lateIsFine) {
        PortException why = ended.getNow(null);
        if (why == null) {
            throw new PortException.Unavailable("control.absent", "the agent ended the conversation");
        }
        if (lateIsFine && why.code().equals("governor.timeout")) {
            err.println(why.getMessage() + ": nothing is run in this period");
            err.flush();
            return ExitCodes.OK;
        }
        throw why;
    }

    private int work(List<String> command) throws InterruptedException {
        Process child;
        try {
            child = new ProcessBuilder(command).inheritIO().start();
        } catch (IOException e) {
            throw new PortException.Refused(
                    "exec.not-startable", command.getFirst() + " cannot be started: " + e.getMessage(), e);
        }
        // who stops this program stops the command with it: nobody would hold a slot for it
        Thread hook = new Thread(child::destroy, "stop");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            while (!child.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                if (ended.isDone()) {
                    stop(child);
                    PortException why = ended.getNow(null);
                    throw why != null && why.code().equals("governor.lost")
                            ? why
                            : new PortException.Unavailable(
                                    "governor.lost", "the agent that held the slot is gone: the command was stopped");
                }
            }
            return child.exitValue();
        } finally {
            stop(child);
            forget(hook);
        }
    }

    private static void forget(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException stopping) {
            System.getLogger(GovernorRun.class.getName())
                    .log(System.Logger.Level.DEBUG, "stopped by a signal", stopping);
        }
    }

    private void stop(Process child) throws InterruptedException {
        if (!child.isAlive()) {
            return;
        }
        List<ProcessHandle> family = child.descendants().toList();
        child.destroy();
        if (!child.waitFor(graceMillis, TimeUnit.MILLISECONDS)) {
            child.destroyForcibly();
        }
        family.forEach(ProcessHandle::destroyForcibly);
    }
}

package io.machineroom.app.cli;

import io.machineroom.ports.PortException;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Runs a command while this process leads. One thread calls {@link #go}. */
final class ElectionRun {
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final Duration AGAIN = Duration.ofSeconds(1);
    private static final Duration INTERRUPTED = Duration.ofSeconds(1);
    private static final Duration TERMINATED = Duration.ofSeconds(10);

    private final List<String> command;
    private final boolean keep;
    private final PrintWriter err;
    private @Nullable Process child;
    private boolean leaving;
    private boolean led;
    private boolean apart;

    ElectionRun(List<String> command, boolean keep, PrintWriter err) {
        this.command = List.copyOf(command);
        this.keep = keep;
        this.err = err;
    }

    /** Returns the exit code of the command, or that of a lost lead. */
    int go(Membership membership) throws InterruptedException {
        Thread hook = new Thread(() -> leave(membership), "stop");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            membership.start();
            while (true) {
                boolean leads = leads(membership);
                Process running = child();
                if (running != null && !running.isAlive()) {
                    return running.exitValue();
                }
                if (running == null && leads) {
                    begin();
                } else if (running != null && led && !leads && !keep) {
                    say("the lead is lost: " + command.getFirst() + " is stopped");
                    return ExitCodes.TEMPORARY;
                } else if (running != null && led != leads) {
                    signal(running, leads ? "USR1" : "USR2");
                }
                led = leads;
            }
        } finally {
            leave(membership);
            forget(hook);
        }
    }

    /** Without the agent nobody leads; for a command that is kept it is asked again until it is back. */
    private boolean leads(Membership membership) throws InterruptedException {
        Process running = child();
        try {
            if (apart && running != null) {
                running.waitFor(AGAIN.toMillis(), TimeUnit.MILLISECONDS);
                membership.again();
                apart = false;
            }
            return membership.leads(LOOK);
        } catch (PortException.Unavailable e) {
            if (running == null) {
                throw e;
            }
            if (led) {
                say("the election cannot be held now: " + e.getMessage());
            }
            apart = keep;
            return false;
        }
    }

    private synchronized @Nullable Process child() {
        return child;
    }

    /** The key is given back after the command has ended: the next leader must not meet it. */
    private void leave(Membership membership) {
        synchronized (this) {
            leaving = true;
        }
        stop();
        membership.close();
    }

    private void say(String text) {
        err.println(text);
        err.flush();
    }

    /** Not once a signal has come: nobody would stop it. */
    private synchronized void begin() {
        if (leaving) {
            return;
        }
        try {
            child = new ProcessBuilder(command).inheritIO().start();
        } catch (IOException e) {
            throw new PortException.Refused(
                    "exec.not-startable", command.getFirst() + " cannot be started: " + e.getMessage(), e);
        }
    }

    /** Asks the command to end, then insists; with it goes what it started. */
    private void stop() {
        Process running = child();
        if (running == null || !running.isAlive()) {
            return;
        }
        List<ProcessHandle> family = running.descendants().toList();
        boolean interrupted = Thread.interrupted();
        try {
            signal(running, "INT");
            if (!running.waitFor(INTERRUPTED.toMillis(), TimeUnit.MILLISECONDS)) {
                running.destroy();
                if (!running.waitFor(TERMINATED.toMillis(), TimeUnit.MILLISECONDS)) {
                    running.destroyForcibly();
                }
            }
        } catch (InterruptedException e) {
            interrupted = true;
            running.destroyForcibly();
        }
        family.forEach(ProcessHandle::destroyForcibly);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void signal(Process running, String name) throws InterruptedException {
        try {
            new ProcessBuilder("kill", "-" + name, Long.toString(running.pid()))
                    .inheritIO()
                    .start()
                    .waitFor();
        } catch (IOException e) {
            say("SIG" + name + " cannot be sent: " + e.getMessage());
        }
    }

    private static void forget(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException stopping) {
            // the hook runs, and does what we did
            System.getLogger(ElectionRun.class.getName())
                    .log(System.Logger.Level.DEBUG, "stopped by a signal", stopping);
        }
    }
}

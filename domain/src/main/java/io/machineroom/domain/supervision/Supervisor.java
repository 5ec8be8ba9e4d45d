package io.machineroom.domain.supervision;

import io.machineroom.ports.PortException;
import io.machineroom.ports.runtime.Entropy;
import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.runtime.Meter;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.runtime.TimeSource;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Starts services in order, restarts what fails with growing waits, gives up after a limit, and stops
 * in the reverse order within a deadline. One task uses a supervisor; each service has its own task.
 */
public final class Supervisor {
    private static final System.Logger LOG = System.getLogger(Supervisor.class.getName());
    private static final Duration AFTER_CANCEL = Duration.ofMillis(500);

    private final SupervisorSettings settings;
    private final Tasks tasks;
    private final TimeSource time;
    private final Entropy entropy;
    private final Meter meter;
    private final Consumer<Fallen> told;
    private final Mailbox<Fallen> fallen;
    private final List<Running> running = new ArrayList<>();

    /** A supervisor that is asked with {@link #fallen(Duration)}. */
    public Supervisor(SupervisorSettings settings, Tasks tasks, TimeSource time, Entropy entropy, Meter meter) {
        this(settings, tasks, time, entropy, meter, f -> {});
    }

    /**
     * A supervisor that tells.
     *
     * @param told told by the task of a service that will not be started again; must not block
     */
    public Supervisor(
            SupervisorSettings settings,
            Tasks tasks,
            TimeSource time,
            Entropy entropy,
            Meter meter,
            Consumer<Fallen> told) {
        this.settings = settings;
        this.tasks = tasks;
        this.time = time;
        this.entropy = entropy;
        this.meter = meter;
        this.told = told;
        this.fallen = tasks.mailbox(64);
    }

    /** Starts a service; it is stopped before all that were started earlier. */
    public void start(Service service) {
        running.add(new Running(service, tasks.fork(service.name(), () -> keep(service))));
    }

    /** A service that will not be started again; empty when none fell within that time. */
    public Optional<Fallen> fallen(Duration wait) throws InterruptedException {
        return fallen.poll(wait);
    }

    /** Names of the services that still run, in start order. */
    public List<String> names() {
        return running.stream()
                .filter(r -> !r.task().done())
                .map(r -> r.service().name())
                .toList();
    }

    /** Stops all, the last started first; each may finish what it began until the deadline is used up. */
    public void stop(Duration deadline) throws InterruptedException {
        long end = time.ticks() + deadline.toNanos();
        for (Running one : running.reversed()) {
            if (one.service().finish()) {
                one.task().join(left(end));
            }
            one.task().cancel();
            if (!one.task().join(left(end).plus(AFTER_CANCEL))) {
                LOG.log(
                        Level.WARNING,
                        "service {0} did not stop in time",
                        one.service().name());
                meter.count(
                        "mr_service_stop_timeouts_total",
                        "service",
                        one.service().name(),
                        1);
            }
        }
        running.clear();
    }

    private Duration left(long end) {
        return Duration.ofNanos(Math.max(0, end - time.ticks()));
    }

    private void keep(Service service) throws InterruptedException {
        int failures = 0;
        while (true) {
            long began = time.ticks();
            try {
                service.run();
                return;
            } catch (InterruptedException cancelled) {
                throw cancelled;
            } catch (PortException.Corrupted damaged) {
                fell(service, damaged);
                return;
            } catch (Throwable failure) {
                failures = time.ticks() - began >= settings.quietAfter().toNanos() ? 1 : failures + 1;
                meter.count("mr_service_failures_total", "service", service.name(), 1);
                log(service, "failed", failure);
                if (failures >= settings.maxFailures()) {
                    fell(service, failure);
                    return;
                }
            }
            tasks.sleep(delay(failures));
        }
    }

    private void fell(Service service, Throwable reason) {
        String code = reason instanceof PortException p ? p.code() : "service.failed";
        log(service, "is given up", reason);
        meter.count("mr_service_given_up_total", "service", service.name(), 1);
        Fallen one = new Fallen(service.name(), code, String.valueOf(reason.getMessage()));
        fallen.offer(one);
        told.accept(one);
    }

    /** A failure with a code says all an operator needs; only a fault of the program shows where it happened. */
    private static void log(Service service, String what, Throwable reason) {
        String head = "service " + service.name() + " " + what + ": ";
        if (reason instanceof PortException told) {
            LOG.log(Level.ERROR, head + told.code() + ": " + told.getMessage());
            LOG.log(Level.DEBUG, head + told.code(), told);
        } else {
            LOG.log(Level.ERROR, head + "service.failed", reason);
        }
    }

    private Duration delay(int failures) {
        Duration plain = settings.firstDelay();
        for (int i = 1; i < failures && plain.compareTo(settings.longestDelay()) < 0; i++) {
            plain = plain.multipliedBy(2);
        }
        Duration bound = plain.compareTo(settings.longestDelay()) > 0 ? settings.longestDelay() : plain;
        return bound.multipliedBy(500 + entropy.below(1_000)).dividedBy(1_000);
    }

    /**
     * A service that will not run again.
     *
     * @param code code of the {@link PortException} that ended it, else {@code service.failed}
     */
    public record Fallen(String service, String code, String message) {}

    private record Running(Service service, Tasks.Task task) {}
}

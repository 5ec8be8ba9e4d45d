package io.machineroom.domain.machine;

import io.machineroom.domain.watcher.WatcherRunner;
import io.machineroom.domain.watcher.WatcherRunner.Made;
import io.machineroom.domain.watcher.WatcherRunner.Reporter;
import io.machineroom.domain.watcher.WatcherSpec;
import io.machineroom.domain.watcher.WatcherTask;
import io.machineroom.domain.watcher.WatcherTask.Nudge;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.watcher.Outcome;
import io.machineroom.ports.watcher.Properties;
import io.machineroom.ports.watcher.Watcher;
import io.machineroom.ports.watcher.WatcherType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Makes the watchers of one machine and what connects them to it. */
record WatcherStarter(Machine machine, MachineSurroundings around) {
    /** How long a watcher waits before it tries a full mailbox again. */
    private static final Duration FULL = Duration.ofMillis(20);

    /** How often a watcher that waits for its machine's answer looks whether that still runs. */
    private static final Duration LOOK = Duration.ofSeconds(1);

    /**
     * The watchers of the machine as tasks will run them: one for all the quick ones, one for each other, in the order of
     * the manifest.
     */
    List<List<WatcherSpec>> shares() {
        List<List<WatcherSpec>> shares = new ArrayList<>();
        List<WatcherSpec> quick = new ArrayList<>();
        for (WatcherSpec spec : machine.definition().watchers()) {
            // who waits for a slot would hold up all others
            boolean waits = spec.properties().get("governor").isPresent();
            if (waits || !type(spec).quick()) {
                shares.add(List.of(spec));
            } else {
                if (quick.isEmpty()) {
                    shares.add(quick);
                }
                quick.add(spec);
            }
        }
        return shares;
    }

    /** What the task of these watchers does: their machine is told when it breaks. */
    Tasks.Body body(List<WatcherSpec> specs, Mailbox<Nudge> nudges) {
        List<WatcherRunner> runners =
                specs.stream().map(spec -> make(spec, nudges)).toList();
        WatcherTask task = new WatcherTask(runners, nudges, around.time());
        return () -> {
            try {
                task.run();
            } catch (RuntimeException | Error e) {
                ended(specs, e);
                throw e;
            }
        };
    }

    /** Without its watcher a machine would go on and do nothing: it has to hear of that, however busy it is. */
    private void ended(List<WatcherSpec> specs, Throwable reason) throws InterruptedException {
        while (!machine.stopping() && !machine.tell(new Told.Ended(names(specs), reason.toString()))) {
            around.tasks().sleep(FULL);
        }
    }

    /** For people. */
    static String names(List<WatcherSpec> specs) {
        return specs.stream().map(WatcherSpec::name).collect(Collectors.joining(", "));
    }

    private WatcherType type(WatcherSpec spec) {
        return around.catalog()
                .find(spec.type())
                .orElseThrow(() -> new IllegalStateException("unknown watcher '" + spec.type() + "'"));
    }

    private WatcherRunner make(WatcherSpec spec, Mailbox<Nudge> nudges) {
        WatcherType type = type(spec);
        MachineContext context = new MachineContext(machine, spec, around, nudges);
        Watcher watcher = type.create(new Properties(spec.properties(), spec.path(), path -> 0), context);
        Made made = new Made(machine.definition().name(), spec, type.interval(), watcher);
        return new WatcherRunner(made, () -> active(spec), reporter(spec, type.eventVersion()), around.time());
    }

    private boolean active(WatcherSpec spec) {
        return Gate.open(spec, machine.view().state(), around.neighbours());
    }

    private Reporter reporter(WatcherSpec spec, String eventVersion) {
        return new Reporter() {
            @Override
            public void found(Outcome outcome, Value.Obj state) throws InterruptedException {
                if (!machine.view().knows(spec.name(), outcome, state)) {
                    tell(outcome, state);
                }
            }

            @Override
            public void announce(Value.Obj state) throws InterruptedException {
                tell(null, state);
            }

            // waits until the machine is done with it: else an interval that is due meanwhile would be gated by the
            // state
            // that this very outcome is about to end
            private void tell(@Nullable Outcome outcome, Value.Obj state) throws InterruptedException {
                Mailbox<Boolean> answer = around.tasks().mailbox(1);
                while (!machine.tell(new Told.Found(spec, eventVersion, outcome, state, answer))) {
                    stopIfStopping();
                    around.tasks().sleep(FULL);
                }
                while (answer.poll(LOOK).isEmpty()) {
                    stopIfStopping();
                }
            }

            private void stopIfStopping() throws InterruptedException {
                if (machine.stopping()) {
                    throw new InterruptedException("the machine stops");
                }
            }
        };
    }
}

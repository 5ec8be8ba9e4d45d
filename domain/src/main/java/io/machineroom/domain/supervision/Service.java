package io.machineroom.domain.supervision;

import io.machineroom.ports.runtime.Tasks;

/** Something that runs in a task of its own until it is cancelled or has ended its work. */
public interface Service {
    /** For people; unique within a supervisor. */
    String name();

    /**
     * The body of the task. A normal return means "done"; what it throws lets the supervisor start it
     * again, except {@link io.machineroom.ports.PortException.Corrupted}, which ends it for good. Called
     * again after a failure, so it begins by making its state anew.
     */
    void run() throws InterruptedException;

    /**
     * Asks it to bring to an end what it has begun. Returns at once; safe from any task.
     *
     * @return true when {@link #run} will return by itself soon, false when it must be cancelled
     */
    default boolean finish() {
        return false;
    }

    /** A service that is only a body. */
    static Service of(String name, Tasks.Body body) {
        return new Service() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public void run() throws InterruptedException {
                body.run();
            }
        };
    }
}

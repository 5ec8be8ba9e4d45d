package io.machineroom.architecture.offenders.throwables.app.host;

final class CatchesAll {
    void run(Runnable work) {
        try {
            work.run();
        } catch (Throwable t) {
            System.getLogger("all").log(System.Logger.Level.ERROR, "swallowed", t);
        }
    }
}

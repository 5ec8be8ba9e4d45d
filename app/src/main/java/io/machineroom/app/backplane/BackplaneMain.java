package io.machineroom.app.backplane;

import io.machineroom.app.host.LogSetup;
import java.io.IOException;
import java.util.Optional;

/** Front door of the vendor's side: {@code backplane <command>}. */
public final class BackplaneMain {
    private BackplaneMain() {}

    public static void main(String[] args) throws IOException {
        LogSetup.early();
        boolean stays = args.length > 0 && args[0].equals("up");
        LogSetup.apply(stays ? "info" : "warn", Optional.empty(), Optional.empty());
        int exit = new BackplaneCommands(DaggerBackplaneComponent.factory()::create).execute(args);
        System.exit(exit);
    }
}

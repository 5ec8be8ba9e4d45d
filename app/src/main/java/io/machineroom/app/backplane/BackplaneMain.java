package io.machineroom.app.backplane;

/** Front door of the vendor's side: {@code backplane <command>}. */
public final class BackplaneMain {
    private BackplaneMain() {}

    public static void main(String[] args) {
        int exit = new BackplaneCommands(DaggerBackplaneComponent.factory()::create).execute(args);
        System.exit(exit);
    }
}

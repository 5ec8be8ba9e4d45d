package io.machineroom.examples.vendor;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(name = "license", description = "Shows the licence of this agent.")
final class LicenseCommand implements Callable<Integer> {
    @Override
    public Integer call() {
        System.out.println("Licensed to Acme's customers, tier gold.");
        return 0;
    }
}

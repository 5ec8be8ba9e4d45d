package io.machineroom.ports.host;

import io.machineroom.ports.Port;
import io.machineroom.ports.data.Value;

/** Facts of the host. A source that fails leaves its part empty; nothing here is secret. */
@Port
public interface FactSource {
    /** Gathers {@code host}, {@code cpu}, {@code memory}, {@code partition} and {@code network}. May take seconds. */
    Value.Obj gather(OptOuts optOuts);

    /** What not to look at; the keys stay, their content is empty. */
    record OptOuts(
            boolean standard, boolean host, boolean network, boolean disk, boolean cpu, boolean memory, boolean swap) {
        public static OptOuts none() {
            return new OptOuts(false, false, false, false, false, false, false);
        }
    }
}

package io.machineroom.ports.contract;

import io.machineroom.ports.spool.Spool;
import io.machineroom.ports.spool.SpoolProvider;
import java.util.List;

/** What the contracts need of a spool: its door, and what may happen to it from outside. One per test. */
public interface SpoolUnderTest {
    /** A place of its own, at least 1 MiB, 1,000 records and messages of 64 KiB; a contract lowers what it tests. */
    SpoolProvider.Settings settings();

    /** Opens the spool at the place of the settings; the second time it finds what the first left. */
    Spool open(SpoolProvider.Settings settings);

    /** Looks at the files, with the provider's check. The spool is not open. */
    List<SpoolProvider.Finding> check() throws InterruptedException;

    /** Ends the spool without closing it, as a power cut does: what was not yet durable may be gone. */
    void kill(Spool spool);

    /** Leaves half a record behind the last one of lane {@code NORMAL}. The spool is not open. */
    void tearTail();

    /** Spoils the body of the record whose body holds this text. The spool is not open. */
    void damage(String body);

    /** Makes the files say that another version of the program wrote them. The spool is not open. */
    void otherVersion();

    /** Lets the disk be full, or not any more. */
    void fillDisk(boolean full);

    /** The clocks that {@link #open} gives to the spool; the same in each opening. */
    ShiftedTime time();
}

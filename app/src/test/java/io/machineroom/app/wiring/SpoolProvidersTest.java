package io.machineroom.app.wiring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import io.machineroom.ports.runtime.Entropy;
import io.machineroom.ports.runtime.TimeSource;
import io.machineroom.ports.spool.Spool;
import io.machineroom.ports.spool.SpoolProvider;
import io.machineroom.ports.store.EventLog;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SpoolProvidersTest {
    @Test
    void takesTheOnlyOne() {
        assertEquals("a", providers(named("a")).choose(Optional.empty()).name());
    }

    @Test
    void refusesToGuessAndListsThemAll() {
        var e = assertThrows(
                PortException.Refused.class,
                () -> providers(named("b"), named("a")).choose(Optional.empty()));
        assertTrue(String.valueOf(e.getMessage()).contains("a, b"), e.getMessage());
    }

    @Test
    void takesTheOneThatIsAskedFor() {
        SpoolProviders two = providers(named("b"), named("a"));
        assertEquals("a", two.choose(Optional.of("a")).name());
        assertThrows(PortException.Refused.class, () -> two.choose(Optional.of("c")));
        assertThrows(PortException.Refused.class, () -> providers().choose(Optional.empty()));
    }

    @Test
    void looksIntoLibOnlyWhenAnotherOneIsAskedFor() {
        int[] looked = {0};
        SpoolProviders found = new SpoolProviders(List.of(named("a")), () -> {
            looked[0]++;
            return List.of(named("a"), named("dropped"));
        });
        assertEquals("a", found.choose(Optional.empty()).name());
        assertEquals("a", found.choose(Optional.of("a")).name());
        assertEquals(0, looked[0]);
        assertEquals("dropped", found.choose(Optional.of("dropped")).name());
        var e = assertThrows(PortException.Refused.class, () -> found.choose(Optional.of("c")));
        assertTrue(String.valueOf(e.getMessage()).contains("a, dropped"), e.getMessage());
    }

    private static SpoolProviders providers(SpoolProvider... found) {
        return new SpoolProviders(List.of(found), List::of);
    }

    private static SpoolProvider named(String name) {
        return new SpoolProvider() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public Spool open(Settings settings, TimeSource time, Entropy entropy) {
                throw new IllegalStateException("not asked for here");
            }

            @Override
            public long check(java.nio.file.Path directory, java.util.function.Consumer<Finding> findings) {
                throw new IllegalStateException("not asked for here");
            }

            @Override
            public EventLog openLog(LogSettings settings, TimeSource time, Entropy entropy) {
                throw new IllegalStateException("not asked for here");
            }
        };
    }
}

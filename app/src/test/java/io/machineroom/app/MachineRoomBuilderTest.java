package io.machineroom.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class MachineRoomBuilderTest {
    private static final String KEY = "b217b9c7574ad807f653754b9722e8001399c5646235742204963522da5c3b82";

    @Test
    void reportsEverythingThatIsMissingOrMalformedAtOnce() {
        var e = assertThrows(
                IllegalArgumentException.class,
                () -> MachineRoom.builder()
                        .name("Not A Name")
                        .signingKey("abc")
                        .setting("status.intervall", "3s")
                        .build());
        String all = String.valueOf(e.getMessage());
        for (String word : new String[] {"name:", "version:", "contact:", "issuer:", "signingKey:", "setting:"}) {
            assertTrue(all.contains(word), all);
        }
        assertEquals(7, all.lines().count(), all);
    }

    @Test
    void takesAWholeVendor() {
        assertNotNull(MachineRoom.builder()
                .name("acme-agent")
                .version("1.0.0")
                .contact("ops@acme.example")
                .issuer(KEY)
                .signingKey(KEY)
                .build());
    }

    @Test
    void helpNamesWhatAnOperatorNeeds() {
        assertEquals(0, agent().run("--help"));
        assertEquals(64, agent().run("dance"));
        assertEquals(64, agent().run());
    }

    private static MachineRoom agent() {
        return MachineRoom.builder()
                .name("acme-agent")
                .version("1.0.0")
                .contact("ops@acme.example")
                .help("Keeps services alive.")
                .issuer(KEY)
                .signingKey(KEY)
                .build();
    }
}

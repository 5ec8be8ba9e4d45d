package io.machineroom.app.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.LocalTime;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RateTextTest {
    @Test
    void readsWindowsInTheirOrderAndARateForTheRest() {
        assertEquals(
                List.of(
                        new RateText(LocalTime.of(8, 0), LocalTime.of(18, 30), 64 << 10),
                        new RateText(LocalTime.of(22, 0), LocalTime.of(6, 0), 2_000),
                        new RateText(LocalTime.MIDNIGHT, LocalTime.MIDNIGHT, 1 << 20)),
                RateText.read("08:00-18:30 64KiB, 22:00-06:00  2000,1MiB"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "fast",
                "64KiB,",
                "8-18 64KiB",
                "08:00-25:00 64KiB",
                "08:00 64KiB",
                "1000",
                "08:00-18:00",
                "-1"
            })
    void refusesWhatIsNoRate(String text) {
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> RateText.read(text));
        assertTrue(String.valueOf(refused.getMessage()).length() > 10, refused.getMessage());
    }
}

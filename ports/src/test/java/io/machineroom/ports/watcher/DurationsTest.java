package io.machineroom.ports.watcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DurationsTest {
    @ParameterizedTest
    @CsvSource({
        "5s, 5s",
        "0, 0s",
        "-0, 0s",
        "+5s, 5s",
        "-5m, -5m0s",
        "1h30m, 1h30m0s",
        "1.5h, 1h30m0s",
        ".5s, 500ms",
        "1.s, 1s",
        "1500us, 1.5ms",
        "1500µs, 1.5ms",
        "1500μs, 1.5ms",
        "3ns, 3ns",
        "0.5ns, 0s",
        "1h1h, 2h0m0s",
        "9223372036854775807ns, 2562047h47m16.854775807s",
        "-9223372036854775808ns, -2562047h47m16.854775808s",
        "1d, 24h0m0s",
        "0.5D, 12h0m0s",
        "0.01d, 0s",
        "1w, 168h0m0s",
        "1M, 720h0m0s",
        "0.7y, 6132h0m0s",
        "-1d, -24h0m0s",
        "' 1d ', 24h0m0s",
        "'\t5s\n', 5s",
        "'\u00a01h\u00a0', 1h0m0s",
        "'\u20031w\u3000', 168h0m0s",
        "'\u00855m', 5m0s",
    })
    void readsAndPrints(String text, String printed) {
        assertEquals(printed, Durations.print(Durations.parse(text)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "5 ~ time: missing unit in duration \"5\"",
                "1.2.3s ~ time: missing unit in duration \"1.2.3s\"",
                "'' ~ time: invalid duration \"\"",
                "- ~ time: invalid duration \"-\"",
                ".s ~ time: invalid duration \".s\"",
                "ms ~ time: invalid duration \"ms\"",
                "5S ~ time: unknown unit \"S\" in duration \"5S\"",
                "5H ~ time: unknown unit \"H\" in duration \"5H\"",
                "1d12h ~ time: unknown unit \"d\" in duration \"1d12h\"",
                "1h2d ~ time: unknown unit \"h\" in duration \"1h2d\"",
                "'\u001c5s' ~ time: invalid duration \"\\x1c5s\"",
                "' ' ~ time: invalid duration \" \"",
                "5 s ~ time: unknown unit \" s\" in duration \"5 s\"",
                "1µ ~ time: unknown unit \"\\xc2\\xb5\" in duration \"1\\xc2\\xb5\"",
                "9223372036854775808ns ~ time: invalid duration \"9223372036854775808ns\"",
                "300y ~ time: invalid duration \"300y\"",
            })
    void saysWhatIsWrong(String text, String message) {
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, () -> Durations.parse(text))
                        .getMessage());
    }

    @ParameterizedTest
    @CsvSource({"'', 0s", "' ', 0s", "1M, 720h0m0s", "1ms, 1ms", " 1h30m , 1h30m0s", "-5m, -5m0s"})
    void readsIntervals(String text, String printed) {
        assertEquals(printed, Durations.print(Durations.parseInterval(text)));
    }

    @ParameterizedTest
    @CsvSource({
        "0, invalid time unit 0",
        "5, invalid time unit 5",
        "5x, invalid time unit x",
        "5S, 'time: unknown unit \"S\" in duration \"5S\"'",
        "1d12h, 'time: unknown unit \"d\" in duration \"1d12h\"'",
    })
    void saysWhatIsWrongWithAnInterval(String text, String message) {
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, () -> Durations.parseInterval(text))
                        .getMessage());
    }

    @Test
    void readsWhatItPrints() {
        Random random = new Random(19);
        for (int i = 0; i < 20_000; i++) {
            Duration duration = Duration.ofNanos(random.nextLong() >> random.nextInt(63));
            assertEquals(duration, Durations.parse(Durations.print(duration)), duration::toString);
        }
    }
}

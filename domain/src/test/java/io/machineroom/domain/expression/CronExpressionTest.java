package io.machineroom.domain.expression;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.machineroom.ports.PortException;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CronExpressionTest {
    private static String next(String cron, String after) {
        return CronExpression.parse(cron)
                .next(ZonedDateTime.parse(after))
                .map(ZonedDateTime::toString)
                .orElse("never");
    }

    @ParameterizedTest
    @CsvSource({
        "* * * * *,            2024-01-01T10:00:00Z,   2024-01-01T10:01Z",
        "* * * * *,            2024-01-01T10:00:59.9Z, 2024-01-01T10:01Z",
        "? ? ? ? ?,            2024-01-01T10:00:00Z,   2024-01-01T10:01Z",
        "0 * * * *,            2024-01-01T09:59:59.9Z, 2024-01-01T10:00Z",
        "*/15 * * * *,         2024-01-01T10:00:00Z,   2024-01-01T10:15Z",
        "50/5 * * * *,         2024-01-01T10:50:00Z,   2024-01-01T10:55Z",
        "50/5 * * * *,         2024-01-01T10:55:00Z,   2024-01-01T11:50Z",
        "10-20/7 8 * * *,      2024-01-01T08:10:00Z,   2024-01-01T08:17Z",
        "10-20/7 8 * * *,      2024-01-01T08:17:00Z,   2024-01-02T08:10Z",
        "'0,30 5 * * *',       2024-12-31T05:30:00Z,   2025-01-01T05:00Z",
        "0 0 * FEB *,          2024-03-01T00:00:00Z,   2025-02-01T00:00Z",
        "0 0 * feb-Apr *,      2024-01-05T00:00:00Z,   2024-02-01T00:00Z",
        "0 0 * * Sun,          2024-01-01T00:00:00Z,   2024-01-07T00:00Z",
        "0 0 * * mon-fri,      2024-01-05T00:00:00Z,   2024-01-08T00:00Z",
        "0 0 29 2 *,           2024-03-01T00:00:00Z,   2028-02-29T00:00Z",
        "0 0 31 2 *,           2024-01-01T00:00:00Z,   never",
        "'0 0 , * *',          2024-01-01T00:00:00Z,   never",
        "', 0 * * *',          2024-01-01T00:00:00Z,   never",
        "+5 0 * * *,           2024-01-01T00:00:00Z,   2024-01-01T00:05Z",
        "*-5 0 * * *,          2024-01-01T00:00:00Z,   2024-01-01T00:01Z",
    })
    void firesNext(String cron, String after, String expected) {
        assertEquals(expected, next(cron, after));
    }

    @ParameterizedTest
    @CsvSource({
        "0 0 15 * mon,   2024-01-02T00:00:00Z, 2024-01-08T00:00Z",
        "0 0 9 * mon,    2024-01-08T00:00:00Z, 2024-01-09T00:00Z",
        "0 0 */2 * mon,  2024-01-01T00:00:00Z, 2024-01-15T00:00Z",
        "0 0 15 * */2,   2024-01-16T00:00:00Z, 2024-02-15T00:00Z",
        "0 0 15 * ?,     2024-01-01T00:00:00Z, 2024-01-15T00:00Z",
    })
    void oneDayFieldIsEnoughWhenNeitherHasAStar(String cron, String after, String expected) {
        assertEquals(expected, next(cron, after));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "* * * * * * ~ Expected exactly 5 fields, found 6: * * * * * *",
                "@daily ~ Expected exactly 5 fields, found 1: @daily",
                "TZ=UTC * * * * * ~ Expected exactly 5 fields, found 6: TZ=UTC * * * * *",
                "60 * * * * ~ End of range (60) above maximum (59): 60",
                "* * 0 * * ~ Beginning of range (0) below minimum (1): 0",
                "* * * * 7 ~ End of range (7) above maximum (6): 7",
                "5-1 * * * * ~ Beginning of range (5) beyond end of range (1): 5-1",
                "*/0 * * * * ~ Step of range should be a positive number: */0",
                "1-2-3 * * * * ~ Too many hyphens: 1-2-3",
                "1/2/3 * * * * ~ Too many slashes: 1/2/3",
                "x * * * * ~ Failed to parse int from x: strconv.Atoi: parsing \"x\": invalid syntax",
                "-1 * * * * ~ Failed to parse int from : strconv.Atoi: parsing \"\": invalid syntax",
                "*/-5 * * * * ~ Negative number (-5) not allowed: -5",
                "99999999999999999999 * * * * ~ Failed to parse int from 99999999999999999999: strconv.Atoi: parsing"
                        + " \"99999999999999999999\": value out of range",
                "* * * jan-foo * ~ Failed to parse int from foo: strconv.Atoi: parsing \"foo\": invalid syntax",
                "1,70 * * * * ~ End of range (70) above maximum (59): 70",
            })
    void saysWhatIsWrong(String cron, String message) {
        PortException.Refused refused =
                assertThrows(PortException.Refused.class, () -> CronExpression.parse(cron), cron);
        assertEquals("cron.invalid: " + message, refused.code() + ": " + refused.getMessage());
    }

    @Test
    void nothingIsNoLine() {
        assertEquals(
                "Empty spec string",
                assertThrows(PortException.Refused.class, () -> CronExpression.parse(""))
                        .getMessage());
        assertEquals(
                "Expected exactly 5 fields, found 0:  ",
                assertThrows(PortException.Refused.class, () -> CronExpression.parse(" "))
                        .getMessage());
    }

    @Test
    void anHourThatIsLeftOutHasNoDueTimes() {
        assertEquals(
                "2024-04-01T02:30+02:00[Europe/Berlin]",
                next("30 2 * * *", "2024-03-30T02:30:00+01:00[Europe/Berlin]"));
    }

    @Test
    void anHourThatComesTwiceIsDueTwice() {
        CronExpression cron = CronExpression.parse("30 2 * * *");
        List<String> due = new ArrayList<>();
        Optional<ZonedDateTime> at = cron.next(ZonedDateTime.parse("2024-10-27T00:00:00+02:00[Europe/Berlin]"));
        for (int i = 0; i < 3; i++) {
            due.add(at.orElseThrow().toOffsetDateTime().toString());
            at = cron.next(at.orElseThrow());
        }
        assertEquals(List.of("2024-10-27T02:30+02:00", "2024-10-27T02:30+01:00", "2024-10-28T02:30+01:00"), due);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Australia/Lord_Howe", "America/Sao_Paulo", "Pacific/Apia", "Asia/Kathmandu"})
    void missesNoMinuteInOddZones(String zone) {
        CronExpression cron = CronExpression.parse("*/10 0-23/1 * * *");
        ZonedDateTime at = ZonedDateTime.parse("2011-01-01T00:00:00Z").withZoneSameInstant(java.time.ZoneId.of(zone));
        for (int i = 0; i < 60_000; i++) {
            ZonedDateTime next = cron.next(at).orElseThrow();
            assertEquals(at.toEpochSecond() + 600 - Math.floorMod(at.getMinute(), 10) * 60L, next.toEpochSecond());
            at = next;
        }
    }
}

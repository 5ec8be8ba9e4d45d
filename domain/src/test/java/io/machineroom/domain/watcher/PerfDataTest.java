package io.machineroom.domain.watcher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class PerfDataTest {
    private static String read(String output) {
        return PerfData.parse(output).stream()
                .map(item -> item.label() + "=" + item.value() + item.unit())
                .collect(Collectors.joining(" "));
    }

    @Test
    void readsLabelsValuesAndUnits() {
        assertEquals("load1=0.5 load5=1.25", read("OK - fine | load1=0.5;5;10 load5=1.25;;;0;"));
        assertEquals("t=1.5s u=20.0us p=7.0% n=12.0c b=5.0KB", read("x|t=1.5s u=20us p=7% n=12c b=5KB"));
        assertEquals("a=1.0", read("x | 'a=1'"));
        assertEquals("neg=-3.0", read("x | neg=-3"));
    }

    @Test
    void withoutABarThereIsNothing() {
        assertEquals("", read("all is well"));
        assertEquals("", read(""));
    }

    @Test
    void w29UnknownValuesAreLeftOut() {
        assertEquals("b=2.0", read("x | a=U b=2 c= =3 d"));
    }

    @Test
    void w29QuotedLabelsMayHoldSpacesQuotesAndEqualSigns() {
        assertEquals("used_space=71.0%", read("x | 'used space'=71%;80;90"));
        assertEquals("it's=1.0", read("x | 'it''s'=1"));
        assertEquals("a=b=4.0", read("x | 'a=b'=4"));
        assertEquals("a=1.0 b_c=2.0 d=3.0", read("x | a=1 'b c'=2 d=3"));
    }

    @Test
    void w29GigabytesAreAUnit() {
        assertEquals("disk=10.0GB", read("x | disk=10GB;;"));
    }

    @Test
    void w29SeveralBarsAreReadAsNagiosReadsThem() {
        assertEquals(
                "/=2643.0MB /boot=68.0MB /home=69357.0MB",
                read("DISK OK | /=2643MB;5948\n/ 15272 MB\n/boot 68 MB | /boot=68MB;88\n/home=69357MB;253404\n"));
        assertEquals("a=1.0", read("x | a=1 | b"));
    }
}

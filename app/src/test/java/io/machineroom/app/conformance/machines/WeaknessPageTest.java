package io.machineroom.app.conformance.machines;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Every weakness of the original's engine has its line on the page about differences, whether it was mended or not. */
final class WeaknessPageTest {
    private static final int LAST = 55;

    /** The page up to the chapters with numbers of another list. */
    private static String page() throws IOException {
        String all = Files.readString(Path.of("..", "docs", "compatibility.md"));
        int end = all.indexOf("\n## Submission, registration");
        assertTrue(end > 0, "the chapter of the other list has another heading");
        return all.substring(0, end);
    }

    @Test
    void eachOfTheFiftyFiveHasALine() throws IOException {
        String page = page();
        List<String> missing = IntStream.rangeClosed(1, LAST)
                .mapToObj(number -> "W-%02d".formatted(number))
                .filter(number -> !page.contains(number))
                .toList();
        assertEquals(List.of(), missing);
    }
}

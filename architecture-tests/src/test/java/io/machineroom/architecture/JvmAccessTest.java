package io.machineroom.architecture;

import static java.util.stream.Collectors.toCollection;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A plain {@code java -jar} and the launchers open the same doors of the JDK. */
final class JvmAccessTest {
    @Test
    void manifestAndLaunchersOpenTheSame() throws IOException {
        String pom = Files.readString(RealHouse.ROOT.resolve("pom.xml"));
        TreeSet<String> manifest = Stream.concat(
                        packages(pom, "opens").map(name -> "--add-opens=" + name),
                        packages(pom, "exports").map(name -> "--add-exports=" + name))
                .map(option -> option + "=ALL-UNNAMED")
                .collect(toCollection(TreeSet::new));

        List<String> options = Files.readAllLines(RealHouse.ROOT.resolve("app/src/dist/jvm/access.options"));
        TreeSet<String> launchers =
                options.stream().filter(line -> line.startsWith("--add-")).collect(toCollection(TreeSet::new));

        assertEquals(manifest, launchers);
    }

    private static Stream<String> packages(String pom, String kind) {
        Matcher matcher = Pattern.compile("<manifest." + kind + ">(.*)</").matcher(pom);
        return matcher.find() ? Stream.of(matcher.group(1).split(" ")) : Stream.of();
    }
}

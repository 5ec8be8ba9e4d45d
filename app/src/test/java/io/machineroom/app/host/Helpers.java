package io.machineroom.app.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Hosts on which a program is missing that commands are confined with. */
final class Helpers {
    private static final List<String> PROGRAMS = List.of("prlimit", "setpriv", "getent", "sh");

    private Helpers() {}

    /** A PATH of one folder with links to all that confines, and a shell, but for one. */
    static SearchPath pathWithout(Path folder, String missing) {
        Path bin = folder.resolve("without-" + missing);
        try {
            Files.createDirectories(bin);
            for (String program : PROGRAMS) {
                Path link = bin.resolve(program);
                if (!program.equals(missing) && !Files.exists(link)) {
                    Files.createSymbolicLink(
                            link, new SearchPath().find(program).orElseThrow());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new SearchPath(bin.toString());
    }
}

package io.machineroom.app.bench.line;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What one raw TCP stream carries over lines of several shapes. Arguments: rounds, seconds a run. */
final class LineCheck {
    private static final int PORT = 5_201;

    private LineCheck() {}

    /** The command line. */
    public static void main(String[] args) throws Exception {
        int rounds = Integer.parseInt(args[0]);
        String seconds = args[1];
        System.out.println("| line | control | one raw TCP stream, MB/s |\n| --- | --- | --- |");
        for (String control : List.of("cubic", "bbr")) {
            try (Line line = new Line(Shape.of(0, 0), control)) {
                for (Shape shape : List.of(Shape.of(0, 0), Shape.of(50, 0), Shape.of(50, 0.01))) {
                    line.shape(shape);
                    System.out.println("| " + shape + " | " + control + " | " + row(rounds, seconds) + " |");
                }
            }
        }
    }

    private static String row(int rounds, String seconds) throws IOException, InterruptedException {
        List<Double> all = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            all.add(raw(seconds) / 1e6);
        }
        all.sort(null);
        return String.format(Locale.ROOT, "%.1f [%.1f..%.1f]", all.get(all.size() / 2), all.getFirst(), all.getLast());
    }

    /** Bytes a second that one stream carries from the site to the SaaS. */
    static long raw(String seconds) throws IOException, InterruptedException {
        Process sink = java(Line.SAAS, "sink", Integer.toString(PORT));
        try (BufferedReader told = sink.inputReader(StandardCharsets.UTF_8)) {
            String ready = told.readLine();
            if (!"ready".equals(ready)) {
                throw new IOException("the sink said: " + ready);
            }
            java(Line.SITE, "source", Line.SAAS_ADDRESS, Integer.toString(PORT), seconds)
                    .waitFor();
            String result = told.readLine();
            return Long.parseLong(result.substring("bytes/s ".length()));
        } finally {
            sink.destroyForcibly().waitFor();
        }
    }

    private static Process java(String space, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                System.getProperty("java.home") + File.separator + "bin" + File.separator + "java",
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                RawTcp.class.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(Line.in(space, command))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }
}

package io.machineroom.ports.fuzz;

import io.machineroom.ports.PortException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Throws random texts at a reader, which may refuse them with one of its codes and must do nothing else: no other exception,
 * no hanging. The texts are made of the words of the language, and of kept texts that are spoiled.
 *
 * <p>Ordinary tests take a few thousand texts from a fixed seed. The profile {@code fuzz} goes on for {@code fuzz.seconds}
 * with another seed each time. What fails is written to {@code target/fuzz/<language>/}; moved to
 * {@code src/test/resources/corpus/<language>/} it is tried by the ordinary tests for ever.
 */
public final class Fuzz {
    private static final int TEXTS = 4_000;
    private static final int MAX_WORDS = 24;
    private static final Duration SLOW = Duration.ofSeconds(10);

    private final String language;
    private final List<String> words;
    private final Set<String> codes;
    private final Consumer<String> reader;

    /**
     * One language.
     *
     * @param language name of its directory in {@code corpus}, and of its file in {@code words}: a word in each line, white
     *     space as its picture
     * @param codes codes that the reader may refuse a text with
     * @param reader reads a text and uses what it has read
     */
    public Fuzz(String language, Set<String> codes, Consumer<String> reader) {
        this.language = language;
        this.words = words(language);
        this.codes = Set.copyOf(codes);
        this.reader = reader;
    }

    /** Tries every kept text; there must be some. */
    public void replay() throws IOException {
        for (String text : corpus()) {
            attempt(text, 0);
        }
    }

    /** Tries random texts. */
    public void run() throws IOException {
        Long seconds = Long.getLong("fuzz.seconds");
        long seed = Long.getLong("fuzz.seed", seconds == null ? 4711L : System.nanoTime());
        System.out.println("fuzz " + language + ": seed " + seed);
        Random random = new Random(seed);
        List<String> kept = corpus();
        long start = System.nanoTime();
        long tried = 0;
        while (seconds == null
                ? tried < TEXTS
                : System.nanoTime() - start < Duration.ofSeconds(seconds).toNanos()) {
            String text = random.nextInt(3) == 0 ? made(random) : spoiled(kept, random);
            if (seconds != null) {
                // for when the whole process ends with it
                keep(text, "running");
            }
            attempt(text, seed);
            tried++;
        }
        System.out.println("fuzz " + language + ": " + tried + " texts");
    }

    private String made(Random random) {
        StringBuilder out = new StringBuilder();
        for (int n = random.nextInt(MAX_WORDS); n >= 0; n--) {
            out.append(words.get(random.nextInt(words.size())));
        }
        return out.toString();
    }

    private String spoiled(List<String> kept, Random random) {
        String text = kept.get(random.nextInt(kept.size()));
        for (int n = 1 + random.nextInt(4); n > 0; n--) {
            text = spoil(text, kept, random);
        }
        return text.length() > 20_000 ? text.substring(0, 20_000) : text;
    }

    private String spoil(String text, List<String> kept, Random random) {
        int from = random.nextInt(text.length() + 1);
        int to = Math.min(text.length(), from + random.nextInt(8));
        String word = words.get(random.nextInt(words.size()));
        String head = text.substring(0, from);
        String part = text.substring(from, to);
        return switch (random.nextInt(7)) {
            case 0 -> head + word + text.substring(from);
            case 1 -> head + text.substring(to);
            case 2 -> head + word + text.substring(to);
            case 3 -> head + part.repeat(random.nextInt(60)) + text.substring(to);
            case 4 -> head + (char) random.nextInt(random.nextBoolean() ? 0x80 : 0x10000) + text.substring(from);
            case 5 -> head + kept.get(random.nextInt(kept.size())) + text.substring(to);
            default -> head + new StringBuilder(part).reverse() + text.substring(to);
        };
    }

    private void attempt(String text, long seed) throws IOException {
        long start = System.nanoTime();
        try {
            reader.accept(text);
        } catch (PortException.Refused e) {
            if (!codes.contains(e.code())) {
                throw failed(text, seed, e);
            }
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            throw failed(text, seed, e);
        }
        if (System.nanoTime() - start > SLOW.toNanos()) {
            throw failed(text, seed, new IllegalStateException("took more than " + SLOW));
        }
    }

    private AssertionError failed(String text, long seed, Throwable cause) throws IOException {
        Path file = keep(text, HexFormat.of().toHexDigits(text.hashCode()));
        return new AssertionError("seed " + seed + ", text kept in " + file + ": " + text, cause);
    }

    private Path keep(String text, String name) throws IOException {
        Path directory = Path.of("target", "fuzz", language);
        Files.createDirectories(directory);
        // bytes, since a text may have half of a character
        return Files.write(directory.resolve(name + ".txt"), text.getBytes(StandardCharsets.UTF_8));
    }

    private static List<String> words(String language) {
        try (Stream<String> lines = Files.lines(Path.of("src", "test", "resources", "words", language + ".txt"))) {
            return lines.map(line -> line.replace('\u2420', ' ')
                            .replace('\u2424', '\n')
                            .replace('\u2409', '\t')
                            .replace('\u240d', '\r'))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> corpus() throws IOException {
        List<String> out = new ArrayList<>();
        try (Stream<Path> files = Files.list(Path.of("src", "test", "resources", "corpus", language))) {
            for (Path file : files.sorted().toList()) {
                out.add(Files.readString(file, StandardCharsets.UTF_8));
            }
        }
        if (out.isEmpty()) {
            throw new AssertionError("no texts are kept for " + language);
        }
        return out;
    }

    @Override
    public String toString() {
        return language;
    }
}

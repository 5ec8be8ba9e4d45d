package io.machineroom.ports.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import io.machineroom.ports.spool.Spool;
import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.DoneMark;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.Source;
import io.machineroom.ports.stream.Stamp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Damage at seeded places over all files of a spool: bits that flip, files that end early, blocks of zeros, files that
 * changed places, files that are gone. Never a crash, a loop, a gap or a wrong record; the lanes that were not hit are
 * whole; and the spool takes and hands out new records, or says that it is damaged. The rounds of a run come from one
 * seed, {@code -Dmachineroom.seed}, which is printed; {@code -Dmachineroom.rounds} makes it longer.
 */
public abstract class SpoolDamageContract {
    private static final int EPOCHS = 3;
    private static final int EACH = 60;
    private static final int BLOCK = 4096;
    private static final Duration AT_ONCE = Duration.ZERO;
    private static final List<Lane> USED = List.of(Lane.NORMAL, Lane.URGENT, Lane.BULK);

    private final Map<String, Integer> outcomes = new TreeMap<>();
    private String what = "";

    /** A spool at that place, whose settings make small files. */
    protected abstract SpoolUnderTest spool(Path directory);

    /** An empty directory for the files of this test. */
    protected abstract Path directory();

    @Test
    @Timeout(300)
    void neverHandsOutAWrongRecordWhateverTheDamage() throws Exception {
        long seed = Long.getLong("machineroom.seed", 20261128L);
        int rounds = Integer.getInteger("machineroom.rounds", 48);
        Path whole = directory().resolve("whole");
        Map<String, String> written = fill(spool(whole));
        for (int round = 0; round < rounds; round++) {
            SplittableRandom random = new SplittableRandom(seed + round);
            Path copy = directory().resolve("round" + round);
            copy(whole, copy);
            what = "seed " + (seed + round) + ": ";
            Path hit = damage(random, files(copy));
            check(spool(copy), copy.relativize(hit), written);
            deleteAll(copy);
        }
        System.out.println("damage of seeds " + seed + " to " + (seed + rounds - 1) + ": " + outcomes);
        assertTrue(outcomes.getOrDefault("lost some, handed out the rest", 0) > 0, outcomes.toString());
    }

    private Map<String, String> fill(SpoolUnderTest tested) throws InterruptedException {
        Map<String, String> written = new HashMap<>();
        for (int epoch = 1; epoch <= EPOCHS; epoch++) {
            try (Spool spool = tested.open(tested.settings());
                    Source source = spool.source("pump")) {
                for (int i = 1; i <= EACH; i++) {
                    for (Lane lane : USED) {
                        String id = epoch + "." + lane.wireName() + "." + i;
                        written.put(id, id);
                        spool.append(lane, List.of(SpoolWork.message(id, body(id))));
                    }
                }
                if (epoch == 1) {
                    source.commit(new DoneMark(spool.epoch(), Lane.NORMAL, 7, SpoolWork.STORE));
                }
            }
        }
        return written;
    }

    private static byte[] body(String id) {
        byte[] body = new byte[8 << 10];
        new SplittableRandom(id.hashCode()).nextBytes(body);
        return body;
    }

    private Path damage(SplittableRandom random, List<Path> files) throws IOException {
        Path file = files.get(random.nextInt(files.size()));
        byte[] bytes = Files.readAllBytes(file);
        int kind = bytes.length == 0 ? 4 : random.nextInt(5);
        switch (kind) {
            case 0 -> {
                what += "bits flip in " + file;
                for (int flips = 1 + random.nextInt(8); flips > 0; flips--) {
                    bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
                }
                Files.write(file, bytes);
            }
            case 1 -> {
                int size = random.nextInt(bytes.length);
                what += "only " + size + " bytes are left of " + file;
                Files.write(file, java.util.Arrays.copyOf(bytes, size));
            }
            case 2 -> {
                int at = random.nextInt(bytes.length) / BLOCK * BLOCK;
                what += "zeros at " + at + " of " + file;
                java.util.Arrays.fill(bytes, at, Math.min(bytes.length, at + BLOCK), (byte) 0);
                Files.write(file, bytes);
            }
            case 3 -> {
                Path other = files.get(random.nextInt(files.size()));
                what += "changed places: " + file + " and " + other;
                Files.write(file, Files.readAllBytes(other));
                Files.write(other, bytes);
                return file.getParent().equals(other.getParent()) ? file : file.getRoot();
            }
            default -> {
                what += "gone is " + file;
                Files.delete(file);
            }
        }
        return file;
    }

    private void check(SpoolUnderTest tested, Path hit, Map<String, String> written) throws InterruptedException {
        try (Spool spool = tested.open(tested.settings());
                Source source = spool.source("pump")) {
            Map<Lane, Integer> got = new HashMap<>();
            long through = readAll(source, written, got);
            spool.walk(delivery -> true);
            source.rewind();
            assertEquals(through, readAll(source, written, new HashMap<>()), what);
            spool.stats();
            spool.trim();
            appendAtTheLatestAtTheSecondTry(spool);
            List<Delivery> last = source.read(10, 1 << 20, AT_ONCE);
            assertEquals("new", last.getLast().message().id(), what);
            assertTrue(lanesThatWereNotHitAreWhole(hit, got), what + " left " + got);
            int all = got.values().stream().mapToInt(Integer::intValue).sum();
            count(all < EPOCHS * EACH * USED.size() - 7 ? "lost some, handed out the rest" : "lost nothing");
        } catch (PortException.Corrupted told) {
            assertTrue(told.code().matches("spool\\.(damaged|version)"), what + ": " + told.code());
            count("said " + told.code());
        }
    }

    private static void appendAtTheLatestAtTheSecondTry(Spool spool) throws InterruptedException {
        try {
            spool.append(Lane.NORMAL, List.of(SpoolWork.message("new")));
        } catch (PortException.Unavailable first) {
            spool.append(Lane.NORMAL, List.of(SpoolWork.message("new")));
        }
    }

    /** Checks each record against what was written; the sum of the numbers that came. */
    private long readAll(Source source, Map<String, String> written, Map<Lane, Integer> got)
            throws InterruptedException {
        Map<String, Long> last = new HashMap<>();
        long numbers = 0;
        List<Delivery> batch = source.read(500, 1 << 22, AT_ONCE);
        while (!batch.isEmpty()) {
            for (Delivery delivery : batch) {
                Stamp stamp = delivery.stamp();
                Long before = last.put(stamp.epoch().wire() + stamp.lane(), stamp.through());
                assertTrue(before == null || stamp.from() == before + 1, what + ": a gap before " + stamp);
                numbers += stamp.through() - stamp.from() + 1;
                if (!stamp.isVoid()) {
                    isRight(delivery.message(), stamp, written);
                    got.merge(stamp.lane(), 1, Integer::sum);
                }
            }
            assertTrue(numbers <= 2L * EPOCHS * EACH * USED.size(), what + ": it goes round in circles");
            batch = source.read(500, 1 << 22, AT_ONCE);
        }
        return numbers;
    }

    private void isRight(Message message, Stamp stamp, Map<String, String> written) {
        String id = stamp.epoch().ordinal() + "." + stamp.lane().wireName() + "." + stamp.from();
        assertEquals(id, message.id(), what);
        assertTrue(written.containsKey(id), what + ": " + id + " was never written");
        assertTrue(java.util.Arrays.equals(body(id), message.bytes()), what + ": body of " + id);
    }

    private static boolean lanesThatWereNotHitAreWhole(Path hit, Map<Lane, Integer> got) {
        String top = hit.getNameCount() > 1 ? hit.getName(0).toString() : "";
        boolean lane = USED.stream().anyMatch(l -> l.wireName().equals(top));
        for (Lane each : USED) {
            int expected = EPOCHS * EACH - (each == Lane.NORMAL ? 7 : 0);
            if (lane && !each.wireName().equals(top) && got.getOrDefault(each, 0) < expected) {
                return false;
            }
        }
        return true;
    }

    private void count(String outcome) {
        outcomes.merge(outcome, 1, Integer::sum);
    }

    private static List<Path> files(Path root) throws IOException {
        try (var all = Files.walk(root)) {
            List<Path> files =
                    new ArrayList<>(all.filter(Files::isRegularFile).sorted().toList());
            files.removeIf(f -> f.toString().matches(".*\\.(lock|owner)"));
            return files;
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (var all = Files.walk(from)) {
            for (Path each : all.toList()) {
                Path target = to.resolve(from.relativize(each).toString());
                if (Files.isDirectory(each)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(each, target, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }

    private static void deleteAll(Path root) throws IOException {
        try (var all = Files.walk(root)) {
            for (Path each : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}

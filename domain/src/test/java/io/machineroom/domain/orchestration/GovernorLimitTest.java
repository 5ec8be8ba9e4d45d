package io.machineroom.domain.orchestration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import io.machineroom.ports.sim.SimEntropy;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Many at one governor: its limit is never exceeded, whatever becomes of links and answers. */
final class GovernorLimitTest {
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private static Duration seconds(long seconds) {
        return Duration.ofSeconds(seconds);
    }

    /** GOV-06: everybody gets in, and never more at once than there are slots. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void gov06LetsAThousandThroughAHundredSlots(long seed) {
        GovernorWorld many = new GovernorWorld(seed);
        many.make(100, Duration.ofMinutes(2));
        Wish wish = new Wish("G", "w", seconds(20), (tries, entropy) -> Duration.ofMillis(10), Wish.Ending.LEAVE);
        int[] done = {0};
        for (int i = 0; i < 1_000; i++) {
            many.sim.fork("worker-" + i, () -> {
                many.governor.within(wish, many.turns::add, many.work(Duration.ofMillis(50)));
                done[0]++;
            });
        }
        assertTrue(many.sim.runUntil(() -> done[0] == 1_000, seconds(20)), () -> done[0] + " are through");
        assertEquals(100, many.most);
        assertEquals(List.of(), many.sim.failures());
    }

    static LongStream weathers() {
        return LongStream.range(100, 140);
    }

    /** Work of every length, lost answers and a link that is cut: those who work never outnumber the slots. */
    @ParameterizedTest
    @MethodSource("weathers")
    void keepsTheLimitInEveryWeather(long seed) {
        GovernorWorld stormy = new GovernorWorld(seed);
        stormy.make(4, seconds(30));
        SimEntropy chance = new SimEntropy(seed);
        stormy.sim.afterEachStep(
                () -> assertTrue(stormy.working <= 4, () -> stormy.working + " work, there are 4 slots"));
        stormy.sim.fork("weather", () -> {
            for (int i = 0; i < 200; i++) {
                stormy.sim.sleep(seconds(chance.below(20)));
                switch ((int) chance.below(4)) {
                    case 0 -> stormy.wire.network().cut("node", "saas");
                    case 1 -> stormy.wire.network().loseAnswers(0.5);
                    case 2 -> stormy.wire.network().delay(Duration.ofMillis(chance.below(600)));
                    default -> stormy.wire.network().heal();
                }
            }
            stormy.wire.network().heal();
        });
        int[] done = {0};
        for (int i = 0; i < 20; i++) {
            stormy.sim.fork("worker-" + i, () -> {
                for (int run = 0; run < 5; run++) {
                    try {
                        stormy.run(PATIENCE, seconds(chance.below(90)));
                        done[0]++;
                    } catch (PortException.Unavailable expected) {
                        assertTrue(List.of("governor.timeout", "governor.lost").contains(expected.code()));
                    }
                }
            });
        }
        stormy.sim.advance(Duration.ofHours(2));
        assertTrue(done[0] > 10, () -> "it is not about nothing: " + done[0]);
        assertEquals(4, stormy.most);
        assertEquals(0, stormy.working);
        assertEquals(List.of(), stormy.broker().view("G"));
        assertEquals(List.of(), stormy.sim.failures());
    }
}

package io.machineroom.domain.backplane;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class SubmissionIdsTest {
    private final SubmissionIds ids = new SubmissionIds();

    @Test
    void aRepeatStaysOneAndTheFirstStaysTheFirstHoweverOftenTheLogIsRead() {
        for (int reading = 0; reading < 3; reading++) {
            assertFalse(ids.isRepeat("a", 5));
            assertTrue(ids.isRepeat("a", 6));
            assertFalse(ids.isRepeat("b", 7));
            assertTrue(ids.isRepeat("a", 8));
        }
    }

    @Test
    void forgetsTheOldestIds() {
        for (int i = 0; i <= SubmissionIds.MAX; i++) {
            assertFalse(ids.isRepeat("s" + i, i));
        }
        assertTrue(ids.isRepeat("s1", 1_000_000), "of the newest");
        assertFalse(ids.isRepeat("s0", 1_000_001), "too long ago");
    }
}

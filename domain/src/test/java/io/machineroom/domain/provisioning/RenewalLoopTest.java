package io.machineroom.domain.provisioning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** When a node asks for a new enrolment, and whom. */
final class RenewalLoopTest {
    private final RenewalWorld node = new RenewalWorld(37);

    @Test
    void w37AsksWithinMinutesOfAChangeOfItsSiteAndOnce() {
        node.keepsFresh("leader");
        node.tasks.advance(Duration.ofHours(2));
        assertEquals(0, node.renewed.size());
        node.change("south", "");
        node.tasks.advance(Duration.ofMinutes(20));
        assertEquals(0, node.renewed.size(), "another site was changed");
        node.change("north", "");
        assertTrue(node.tasks.runUntil(() -> node.renewed.size() == 1, Duration.ofMinutes(5)));
        node.tasks.advance(Duration.ofHours(12));
        assertEquals(1, node.renewed.size(), "the enrolment is younger than the change");
    }

    /** A site that is made anew answers nobody for a while: who looked just then does not wait a whole turn more. */
    @Test
    void w37LooksAgainSoonerAfterALookThatFailed() {
        node.keepsFresh("leader");
        node.tasks.advance(Duration.ofHours(2));
        node.config.up = false;
        int before = node.config.looks;
        assertTrue(node.tasks.runUntil(() -> node.config.looks == before + 1, Duration.ofMinutes(5)));
        long failed = node.tasks.time().ticks();
        List<Long> waits = new ArrayList<>();
        for (int more = 2; more <= 5; more++) {
            int looks = before + more;
            assertTrue(node.tasks.runUntil(() -> node.config.looks == looks, Duration.ofMinutes(5)));
            long now = node.tasks.time().ticks();
            waits.add(Duration.ofNanos(now - failed).toSeconds());
            failed = now;
        }
        assertTrue(waits.get(0) >= 25 && waits.get(0) <= 75, waits::toString);
        assertTrue(waits.get(1) >= 50 && waits.get(1) <= 150, waits::toString);
        assertTrue(waits.stream().skip(2).allMatch(wait -> wait >= 100 && wait <= 300), waits::toString);
        node.change("north", "");
        node.config.up = true;
        assertTrue(node.tasks.runUntil(() -> node.renewed.size() == 1, Duration.ofMinutes(5)));
    }

    @Test
    void w37SpreadsTheNodesOfALargeSiteOverTheTimeThatItIsGiven() {
        List<Long> waits = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            RenewalWorld one = new RenewalWorld(i);
            one.keepsFresh("leader");
            one.tasks.advance(Duration.ofHours(1).plusSeconds(7L * i));
            one.change("north", ",\"within\":1800");
            long from = one.tasks.time().ticks();
            assertTrue(one.tasks.runUntil(() -> one.renewed.size() == 1, Duration.ofMinutes(30)));
            waits.add(Duration.ofNanos(one.tasks.time().ticks() - from).toSeconds());
        }
        for (long part = 0; part < 3; part++) {
            long begin = part * 600;
            long there = waits.stream()
                    .filter(wait -> wait >= begin && wait < begin + 600)
                    .count();
            assertTrue(there >= 8 && there <= 32, there + " of 60 in a third of the time: " + waits);
        }
    }

    /** The backplane's clock was a year ahead when the site was changed: no enrolment is ever younger than that. */
    @Test
    void w37AsksOnceForAChangeWhoseTimeIsStillToCome() {
        node.keepsFresh("leader");
        node.tasks.advance(Duration.ofHours(2));
        long ahead = node.tasks.time().wall().plus(Duration.ofDays(365)).getEpochSecond();
        node.changeAt(ahead, "north", "");
        assertTrue(node.tasks.runUntil(() -> node.renewed.size() == 1, Duration.ofMinutes(5)));
        node.tasks.advance(Duration.ofHours(12));
        assertEquals(1, node.renewed.size(), "it was answered");
        node.changeAt(ahead + 1, "north", "");
        assertTrue(node.tasks.runUntil(() -> node.renewed.size() == 2, Duration.ofMinutes(5)));
        node.tasks.advance(Duration.ofHours(8));
        assertEquals(2, node.renewed.size(), "that one too");
    }

    @Test
    void w37GoesOnAskingForAChangeThatNobodyAnswered() {
        node.keepsFresh("leader");
        node.tasks.advance(Duration.ofHours(1));
        node.enroller.fails(new PortException.Refused("enrol.refused", "not yet"));
        node.changeAt(node.tasks.time().wall().plus(Duration.ofDays(365)).getEpochSecond(), "north", "");
        node.tasks.advance(Duration.ofHours(1));
        assertEquals(0, node.renewed.size());
        node.enroller.fails(null);
        assertTrue(node.tasks.runUntil(() -> node.renewed.size() == 1, Duration.ofHours(4)));
        node.tasks.advance(Duration.ofHours(12));
        assertEquals(1, node.renewed.size());
    }

    @Test
    void w37WhatIsNoWordOfAChangeTellsNothing() {
        node.keepsFresh("leader");
        node.tasks.advance(Duration.ofHours(1));
        for (String noise :
                List.of("", "[]", "{", "{\"north\":7}", "{\"north\":{}}", "{\"north\":{\"changed\":\"x\"}}")) {
            node.config.sites = Optional.of(noise);
            node.tasks.advance(Duration.ofMinutes(15));
        }
        assertEquals(0, node.renewed.size());
        node.change("north", ",\"within\":-7");
        assertTrue(node.tasks.runUntil(() -> node.renewed.size() == 1, Duration.ofMinutes(5)));
    }

    @Test
    void w37AsksTheSaasWhenNoGatewayOfItsSiteCanBeReached() {
        node.dead.add("leader");
        node.keepsFresh("leader", "saas");
        node.tasks.advance(Duration.ofHours(1));
        node.change("north", "");
        assertTrue(node.tasks.runUntil(() -> node.renewed.size() == 1, Duration.ofMinutes(5)));
        assertEquals(List.of("leader", "saas"), node.asked);
    }

    @Test
    void w37AsksNobodyElseWhenItsSiteSaysNo() {
        node.keepsFresh("leader", "saas");
        node.tasks.advance(Duration.ofHours(1));
        node.enroller.fails(new PortException.Refused("enrol.refused", "contract ended"));
        node.change("north", "");
        node.tasks.advance(Duration.ofHours(10));
        assertTrue(node.asked.size() >= 3 && node.asked.size() <= 10, "it asks more and more rarely: " + node.asked);
        assertEquals(Set.of("leader"), Set.copyOf(node.asked));
        node.enroller.fails(null);
        assertTrue(node.tasks.runUntil(() -> node.renewed.size() == 1, Duration.ofHours(7)));
    }

    /** Its leader is dead, and the vendor has put another one at another place: nobody of the site can tell it. */
    @Test
    void w37LooksBeyondASiteThatIsAwayForLong() {
        node.keepsFresh("leader", "saas");
        node.tasks.advance(Duration.ofHours(1));
        node.dead.add("leader");
        node.config.up = false;
        node.tasks.advance(Duration.ofMinutes(24));
        assertEquals(0, node.renewed.size(), "it may come back");
        assertTrue(node.tasks.runUntil(() -> node.renewed.size() == 1, Duration.ofMinutes(12)));
        node.tasks.advance(Duration.ofDays(2));
        assertTrue(node.renewed.size() >= 10 && node.renewed.size() <= 30, node.renewed.size() + " times in two days");
        node.config.up = true;
        node.tasks.advance(Duration.ofMinutes(30));
        int before = node.renewed.size();
        node.tasks.advance(Duration.ofHours(12));
        assertEquals(before, node.renewed.size());
    }

    @Test
    void w37ANodeWithNobodyBeyondItsSiteWaits() {
        node.keepsFresh("leader");
        node.tasks.advance(Duration.ofHours(1));
        node.config.up = false;
        node.tasks.advance(Duration.ofHours(12));
        assertEquals(List.of(), node.asked);
        assertTrue(node.config.looks > 100, "it looked " + node.config.looks + " times");
    }

    @Test
    void w37StillAsksOnceADay() {
        node.keepsFresh("leader");
        node.tasks.advance(Duration.ofHours(23));
        assertEquals(0, node.renewed.size());
        assertTrue(node.tasks.runUntil(() -> node.renewed.size() == 1, Duration.ofHours(11)));
    }
}

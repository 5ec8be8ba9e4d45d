package io.machineroom.domain.watcher;

import io.machineroom.domain.expression.CronExpression;
import io.machineroom.ports.runtime.Entropy;
import io.machineroom.ports.runtime.TimeSource;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One cron line of a schedule with the periods that it opened. Lines follow the wall clock; a period that has begun is
 * measured in ticks, so that a corrected clock neither stretches nor cuts it. Nobody has to look at the right second:
 * what was due meanwhile is opened late, if its period still lasts. Owned by the task of its watcher.
 */
final class ScheduleItem {
    private final CronExpression line;
    private final Duration length;
    private final Duration splay;
    private final List<Period> periods = new ArrayList<>();
    private @Nullable ZonedDateTime next;
    private @Nullable ZonedDateTime seen;
    private boolean begun;

    /**
     * An item; it counts from its first {@link #look}.
     *
     * @param length how long it is on
     * @param splay most that a period may begin late by chance; zero for none
     */
    ScheduleItem(CronExpression line, Duration length, Duration splay) {
        this.line = line;
        this.length = length;
        this.splay = splay;
    }

    /** From and until which tick it is on. */
    private record Period(long from, long until) {}

    /** Opens what is due and closes what is over. */
    void look(TimeSource time, Entropy entropy) {
        ZonedDateTime now = time.wall().atZone(time.zone());
        long ticks = time.ticks();
        ZonedDateTime before = seen;
        if (before == null || now.isBefore(before.minusSeconds(1))) {
            next = line.next(now).orElse(null);
        }
        seen = now;
        ZonedDateTime due = next;
        while (due != null && !due.isAfter(now)) {
            Duration late = Duration.between(due, now);
            if (late.compareTo(length) < 0) {
                open(ticks - late.toNanos(), entropy);
                due = line.next(due).orElse(null);
            } else {
                begun = true;
                ZonedDateTime earliest = now.minus(length);
                due = line.next(due.isAfter(earliest) ? due : earliest).orElse(null);
            }
        }
        next = due;
        begun |= on(ticks);
        periods.removeIf(period -> ticks - period.until() >= 0);
    }

    private void open(long due, Entropy entropy) {
        long wait = splay.isPositive() ? entropy.below(splay.toNanos()) : 0;
        Period period = new Period(due + wait, due + length.toNanos());
        Period last = periods.isEmpty() ? null : periods.getLast();
        if (last != null && period.from() - last.until() <= 0) {
            periods.removeLast();
            period = new Period(last.from(), period.until());
        }
        periods.add(period);
    }

    /** Whether it is on, as of the last look. */
    boolean on(long ticks) {
        return periods.stream().anyMatch(period -> ticks - period.from() >= 0);
    }

    /** Whether it was ever on. */
    boolean begun() {
        return begun;
    }

    /** Time until something begins or ends, as of the last look; no longer than given. */
    Duration quiet(long ticks, Duration most) {
        long least = most.toNanos();
        for (Period period : periods) {
            long edge = ticks - period.from() < 0 ? period.from() : period.until();
            least = Math.min(least, edge - ticks);
        }
        ZonedDateTime due = next;
        ZonedDateTime now = seen;
        if (due != null && now != null && due.isBefore(now.plus(most))) {
            least = Math.min(least, Duration.between(now, due).toNanos());
        }
        return Duration.ofNanos(Math.max(1_000_000, least));
    }
}

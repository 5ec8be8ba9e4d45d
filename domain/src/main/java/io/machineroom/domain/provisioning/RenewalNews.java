package io.machineroom.domain.provisioning;

import io.machineroom.ports.PortException;
import java.time.Duration;
import java.util.Optional;

/**
 * When a node of a site is to ask for a new enrolment before its time: its site was changed, or it has been without a link for long
 * and may ask beyond its site. Nodes look at times of their own, so that those of a large site do not ask all at once; after an
 * attempt that brought nothing they wait longer and longer. A change that was answered is no news any more, even when its time is later
 * than that of every answer, because the backplane's clock was ahead when it was written. Of one task.
 */
final class RenewalNews {
    /** What the looks spread by themselves, as they are by default. */
    private static final Duration SPREAD = Duration.ofMinutes(5);
    /** So long a site may be away before its nodes look beyond it. */
    private static final Duration PATIENCE = Duration.ofMinutes(30);

    /** So many looks that failed are repeated sooner: what was changed may be why they failed. */
    private static final int SOONER = 2;

    private static final Duration LONGEST_PAUSE = Duration.ofHours(4);

    private final SiteNews site;
    private final boolean beyond;
    private final EnrolmentLoop.Parts parts;
    private long heard;
    private long quietUntil;
    /** The change that is asked about; that of 0 is none. */
    private long asking;
    /** The newest that an answer came for. After a start of the agent nobody knows, and asks once more. */
    private long answered;

    private Duration pause;
    /** Looks that failed one after the other. */
    private int failures;

    /**
     * The news of a node.
     *
     * @param beyond whether somebody can be asked when nobody of the site answers
     */
    RenewalNews(SiteNews site, boolean beyond, EnrolmentLoop.Parts parts) {
        this.site = site;
        this.beyond = beyond;
        this.parts = parts;
        this.heard = parts.time().ticks();
        this.quietUntil = heard;
        this.pause = site.every();
    }

    /**
     * Waits until the next look, half to one and a half of the time between two, at most so long, and looks; then until it is this node's
     * turn. A quarter of that after a look that failed, half after the next one, all from then on.
     *
     * @return whether it is to ask now
     */
    boolean told(Enrolment current, Duration atMost) throws InterruptedException {
        Duration wait = about(toNextLook());
        if (wait.compareTo(atMost) >= 0) {
            parts.tasks().sleep(atMost);
            return false;
        }
        parts.tasks().sleep(wait);
        Optional<Duration> turn = look(current);
        if (turn.isEmpty() || parts.time().ticks() - quietUntil < 0) {
            return false;
        }
        parts.tasks().sleep(turn.get());
        return true;
    }

    /** How long to wait before asking; empty when there is nothing to ask for. */
    private Optional<Duration> look(Enrolment current) throws InterruptedException {
        try {
            Optional<SiteNews.Change> news = site.since(current).filter(change -> change.at() > answered);
            heard = parts.time().ticks();
            failures = 0;
            asking = news.map(SiteNews.Change::at).orElse(0L);
            return news.map(change -> rest(change.within()));
        } catch (PortException.Unavailable | PortException.Refused silent) {
            asking = 0;
            failures++;
            boolean away = parts.time().ticks() - heard >= PATIENCE.toNanos();
            return beyond && away ? Optional.of(Duration.ZERO) : Optional.empty();
        }
    }

    private Duration toNextLook() {
        Duration whole = site.every();
        return failures == 0 || failures > SOONER
                ? whole
                : whole.multipliedBy(failures).dividedBy(2 * SOONER);
    }

    /** What the looks do not spread. */
    private Duration rest(Duration within) {
        long more = within.minus(SPREAD).toMillis();
        return more <= 0 ? Duration.ZERO : Duration.ofMillis(parts.entropy().below(more));
    }

    /** An attempt was made: one that brought nothing, or nothing new, is not repeated at once. */
    void asked(boolean renewed) {
        if (renewed) {
            answered = Math.max(answered, asking);
        }
        boolean away = parts.time().ticks() - heard >= PATIENCE.toNanos();
        if (renewed && !away) {
            pause = site.every();
            return;
        }
        Duration longer = pause.multipliedBy(2);
        pause = longer.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : longer;
        quietUntil = parts.time().ticks() + about(pause).toNanos();
    }

    private Duration about(Duration middle) {
        long millis = middle.toMillis();
        return Duration.ofMillis(millis / 2 + parts.entropy().below(millis));
    }
}

package io.machineroom.domain.provisioning;

import io.machineroom.domain.supervision.Service;
import io.machineroom.domain.tokens.Claims;
import io.machineroom.domain.tokens.JwtReader;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Keeps the enrolment of a node fresh without anybody's hand: when less than a third of the server token's life is left, and
 * once a day in any case, it asks the gateway, in the node's session, for a new answer and commits it as a whole. So what the
 * backplane thinks of a node, its role, its rights and where its servers are, counts a day later, and a quarter of an hour after a
 * start of the agent. Nodes that were enrolled together ask hours apart.
 *
 * <p>A node of a site looks every few minutes whether its site was changed, each at a time of its own, and then asks at once, or
 * later when its site is so large that the time between the looks would not spread them enough. A gateway that cannot be reached, or
 * that says no, is asked again; what runs goes on meanwhile, also after the token has expired. A follower that finds no gateway of
 * its site asks the SaaS's, also when it has been without any link for long: its site may have another leader elsewhere by now.
 */
public final class RenewalLoop implements Service {
    private static final System.Logger LOG = System.getLogger(RenewalLoop.class.getName());
    /** How often the token is looked at, on average. */
    private static final Duration LOOK = Duration.ofHours(6);

    private static final Duration FIRST_LOOK = Duration.ofMinutes(10);

    /** How old an answer of the backplane may become. */
    private static final Duration STALE = Duration.ofHours(24);

    /** The same when the agent starts: whoever starts it anew wants to see what was changed. */
    private static final Duration STALE_AT_START = Duration.ofHours(1);

    private static final long SHARE = 3;

    private final EnrolmentLoop.Parts parts;
    private final RenewalRequest request;
    private final Optional<RenewalNews> news;
    private final Consumer<Enrolment> renewed;
    private Enrolment current;

    /**
     * A loop.
     *
     * @param held the enrolment and where to ask for a newer one
     * @param news of the node's site; empty for a node without one
     * @param renewed told after each commit
     */
    public RenewalLoop(
            EnrolmentLoop.Parts parts,
            RenewalRequest request,
            Enrolment held,
            Optional<SiteNews> news,
            Consumer<Enrolment> renewed) {
        this.parts = parts;
        this.request = request;
        this.current = held;
        this.news = news.map(site -> new RenewalNews(site, request.hasOthers(), parts));
        this.renewed = renewed;
    }

    @Override
    public String name() {
        return "renewal";
    }

    @Override
    public void run() throws InterruptedException {
        long next = after(FIRST_LOOK);
        Duration stale = STALE_AT_START;
        while (true) {
            Duration left = Duration.ofNanos(Math.max(0, next - parts.time().ticks()));
            boolean told = news.isPresent() && news.get().told(current, left);
            if (news.isEmpty()) {
                parts.tasks().sleep(left);
            }
            if (told) {
                news.get().asked(attempt());
            } else if (parts.time().ticks() - next >= 0) {
                if (expiring() || parts.time().wall().getEpochSecond() - current.issued() >= stale.toSeconds()) {
                    attempt();
                }
                stale = STALE;
                next = after(LOOK);
            }
        }
    }

    /** Half to one and a half of it from now on. */
    private long after(Duration middle) {
        long millis = middle.toMillis();
        long wait = millis / 2 + parts.entropy().below(millis);
        return parts.time().ticks() + Duration.ofMillis(wait).toNanos();
    }

    /** A clock that is far behind sees no need, one that is ahead asks more often than it must: neither does harm. */
    private boolean expiring() {
        Optional<Claims> claims = current.serverJwt()
                .useText(text -> new JwtReader(parts.json(), parts.signatures())
                        .parse(text)
                        .verified()
                        .map(jwt -> jwt.claims()));
        if (claims.isEmpty() || claims.get().expires() == 0) {
            return false;
        }
        long expires = claims.get().expires();
        long life = Math.max(0, expires - claims.get().issued());
        return parts.time().wall().getEpochSecond() >= expires - life / SHARE;
    }

    private boolean attempt() throws InterruptedException {
        Optional<Enrolment> next = request.send(current);
        next.ifPresent(fresh -> {
            current = fresh;
            LOG.log(Level.INFO, "the enrolment is renewed");
            renewed.accept(fresh);
        });
        return next.isPresent();
    }
}

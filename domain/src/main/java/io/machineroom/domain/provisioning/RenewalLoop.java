package io.machineroom.domain.provisioning;

import io.machineroom.domain.supervision.Service;
import io.machineroom.domain.tokens.Claims;
import io.machineroom.domain.tokens.JwtReader;
import io.machineroom.domain.tokens.TokenVerifier;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Problem;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.security.VerifyKey;
import io.machineroom.ports.transport.Endpoint;
import io.machineroom.ports.transport.Link;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Keeps the enrolment of a node fresh without anybody's hand: when less than a third of the server token's life is left, and
 * once a day in any case, it asks the gateway, in the node's session, for a new answer and commits it as a whole. So what the
 * backplane thinks of a node, its role, its rights and where its servers are, counts a day later, and a quarter of an hour after a
 * start of the agent. Nodes that were enrolled together ask hours apart. A gateway that cannot be reached, or that says no, is asked again; what runs goes on meanwhile, also after the
 * token has expired.
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

    private final EnrolmentSettings settings;
    private final VerifyKey.Ed25519 issuer;
    private final EnrolmentLoop.Parts parts;
    private final EnrolmentStore store;
    private final Endpoint gateway;
    private final Consumer<Enrolment> renewed;
    private final EnrolmentClient client;
    private Enrolment current;
    private String said = "";

    /**
     * A loop.
     *
     * @param issuer the vendor's organisation issuer
     * @param settingsCheck what is wrong with settings of a backplane
     * @param held the enrolment and where to ask for a newer one
     * @param renewed told after each commit
     */
    public RenewalLoop(
            EnrolmentSettings settings,
            VerifyKey.Ed25519 issuer,
            EnrolmentLoop.Parts parts,
            Function<Map<String, String>, List<Problem>> settingsCheck,
            Held held,
            Consumer<Enrolment> renewed) {
        this.settings = settings;
        this.issuer = issuer;
        this.parts = parts;
        this.store = held.store();
        this.gateway = held.gateway();
        this.current = held.enrolment();
        this.renewed = renewed;
        TokenVerifier verifier = new TokenVerifier(parts.json(), parts.signatures());
        this.client = new EnrolmentClient(
                parts.json(),
                parts.keyring(),
                new EnrolmentAnswer(parts.json(), parts.signatures(), verifier, parts.time(), settingsCheck));
    }

    /**
     * What is kept fresh.
     *
     * @param gateway with the node's own session
     */
    public record Held(EnrolmentStore store, Enrolment enrolment, Endpoint gateway) {}

    @Override
    public String name() {
        return "renewal";
    }

    @Override
    public void run() throws InterruptedException {
        parts.tasks().sleep(about(FIRST_LOOK));
        Duration stale = STALE_AT_START;
        while (true) {
            if (expiring() || parts.time().wall().getEpochSecond() - current.issued() >= stale.toSeconds()) {
                attempt();
            }
            stale = STALE;
            parts.tasks().sleep(about(LOOK));
        }
    }

    /** Half to one and a half of it. */
    private Duration about(Duration middle) {
        long millis = middle.toMillis();
        return Duration.ofMillis(millis / 2 + parts.entropy().below(millis));
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

    private void attempt() throws InterruptedException {
        parts.meter().count("mr_renewal_attempts_total", 1);
        EnrolmentAnswer.Asked asked = new EnrolmentAnswer.Asked(
                issuer,
                current.identity(),
                current.publicKey(),
                current.nodeKey(),
                parts.entropy().hex(32),
                current.issued());
        Value.Obj inventory = Value.obj(
                "version",
                Value.text(settings.version()),
                "facts",
                parts.facts().gather(settings.optOuts()));
        try (Link link = parts.https().connect(gateway)) {
            Enrolment next = client.renew(link, asked, inventory);
            if (!next.customer().equals(current.customer())) {
                throw new PortException.Refused("enrol.answer", "the answer does not count: it names another customer");
            }
            store.save(next);
            current = next;
            said = "";
            LOG.log(Level.INFO, "the enrolment is renewed");
            renewed.accept(next);
        } catch (PortException.Unavailable | PortException.Refused e) {
            parts.meter().count("mr_renewal_failures_total", "code", e.code(), 1);
            if (!said.equals(e.code())) {
                LOG.log(Level.WARNING, "the enrolment is not renewed yet: {0}: {1}", e.code(), e.getMessage());
            }
            said = e.code();
        }
    }
}

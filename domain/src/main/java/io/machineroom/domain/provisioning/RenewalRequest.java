package io.machineroom.domain.provisioning;

import io.machineroom.domain.tokens.TokenVerifier;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Problem;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.security.VerifyKey;
import io.machineroom.ports.transport.Endpoint;
import io.machineroom.ports.transport.Link;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** One question for a newer enrolment, to the first of several gateways that can be reached. Of one task. */
public final class RenewalRequest {
    private static final System.Logger LOG = System.getLogger(RenewalRequest.class.getName());

    private final EnrolmentSettings settings;
    private final VerifyKey.Ed25519 issuer;
    private final EnrolmentLoop.Parts parts;
    private final EnrolmentStore store;
    private final List<Endpoint> gateways;
    private final EnrolmentClient client;
    private String said = "";

    /**
     * Prepares it.
     *
     * @param issuer the vendor's organisation issuer
     * @param settingsCheck what is wrong with settings of a backplane
     * @param whom where the answer is kept, and who is asked
     */
    public RenewalRequest(
            EnrolmentSettings settings,
            VerifyKey.Ed25519 issuer,
            EnrolmentLoop.Parts parts,
            Function<Map<String, String>, List<Problem>> settingsCheck,
            Whom whom) {
        this.settings = settings;
        this.issuer = issuer;
        this.parts = parts;
        this.store = whom.store();
        this.gateways = whom.gateways();
        TokenVerifier verifier = new TokenVerifier(parts.json(), parts.signatures());
        this.client = new EnrolmentClient(
                parts.json(),
                parts.keyring(),
                new EnrolmentAnswer(parts.json(), parts.signatures(), verifier, parts.time(), settingsCheck));
    }

    /**
     * Whom to ask.
     *
     * @param gateways with the node's own session, at least one; the later ones are asked when those before cannot be reached
     */
    public record Whom(EnrolmentStore store, List<Endpoint> gateways) {
        public Whom {
            gateways = List.copyOf(gateways);
        }
    }

    /** Whether there is somebody to ask when the first gateways cannot be reached. */
    boolean hasOthers() {
        return gateways.size() > 1;
    }

    /** Asks and commits the answer; empty when there was none that counts. */
    Optional<Enrolment> send(Enrolment current) throws InterruptedException {
        parts.meter().count("mr_renewal_attempts_total", 1);
        try {
            Enrolment next = first(current);
            if (!next.customer().equals(current.customer())) {
                throw new PortException.Refused("enrol.answer", "the answer does not count: it names another customer");
            }
            store.save(next);
            said = "";
            return Optional.of(next);
        } catch (PortException.Unavailable | PortException.Refused e) {
            parts.meter().count("mr_renewal_failures_total", "code", e.code(), 1);
            if (!said.equals(e.code())) {
                LOG.log(Level.WARNING, "the enrolment is not renewed yet: {0}: {1}", e.code(), e.getMessage());
            }
            said = e.code();
            return Optional.empty();
        }
    }

    /** A refusal is an answer: the others would give the same one. */
    private Enrolment first(Enrolment current) throws InterruptedException {
        Value.Obj inventory = Value.obj(
                "version",
                Value.text(settings.version()),
                "facts",
                parts.facts().gather(settings.optOuts()));
        PortException.Unavailable away = null;
        for (Endpoint gateway : gateways) {
            try (Link link = parts.https().connect(gateway)) {
                return client.renew(link, asked(current), inventory);
            } catch (PortException.Unavailable e) {
                away = away == null ? e : away;
            }
        }
        throw away == null ? new PortException.Unavailable("link.unreachable", "there is no gateway to ask") : away;
    }

    private EnrolmentAnswer.Asked asked(Enrolment current) {
        return new EnrolmentAnswer.Asked(
                issuer,
                current.identity(),
                current.publicKey(),
                current.nodeKey(),
                parts.entropy().hex(32),
                current.issued());
    }
}

package io.machineroom.domain.provisioning;

import io.machineroom.domain.flow.Backoff;
import io.machineroom.domain.supervision.Service;
import io.machineroom.domain.tokens.ProvisioningToken;
import io.machineroom.domain.tokens.TokenVerifier;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.data.Problem;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.host.FactSource;
import io.machineroom.ports.host.HostFiles;
import io.machineroom.ports.runtime.Entropy;
import io.machineroom.ports.runtime.Meter;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.runtime.TimeSource;
import io.machineroom.ports.security.KeyRole;
import io.machineroom.ports.security.Keyring;
import io.machineroom.ports.security.Signatures;
import io.machineroom.ports.security.TrustPolicy;
import io.machineroom.ports.security.VerifyKey;
import io.machineroom.ports.transport.Endpoint;
import io.machineroom.ports.transport.Link;
import io.machineroom.ports.transport.Transport;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Enrols, however long it takes: each attempt reads the token anew, so an operator may replace it; waits
 * grow to about two minutes and are never the same on two nodes. Every refusal is logged once per reason
 * and shown in the status. Ends when an enrolment is committed.
 */
public final class EnrolmentLoop implements Service {
    private static final System.Logger LOG = System.getLogger(EnrolmentLoop.class.getName());
    private static final long LONGEST_DEFER_SECONDS = 3_600;

    private final EnrolmentSettings settings;
    private final Parts parts;
    private final EnrolmentStore store;
    private final Consumer<Enrolment> enrolled;
    private final TokenFile tokenFile;
    private final EnrolmentClient client;
    private final Backoff backoff = Backoff.doubling(Duration.ofSeconds(1), Duration.ofSeconds(108));
    private volatile EnrolmentState state = EnrolmentState.none();

    /**
     * A loop.
     *
     * @param settingsCheck what is wrong with settings of a backplane
     * @param enrolled told once, after the commit
     */
    public EnrolmentLoop(
            EnrolmentSettings settings,
            Parts parts,
            EnrolmentStore store,
            Function<Map<String, String>, List<Problem>> settingsCheck,
            Consumer<Enrolment> enrolled) {
        this.settings = settings;
        this.parts = parts;
        this.store = store;
        this.enrolled = enrolled;
        TokenVerifier verifier = new TokenVerifier(parts.json(), parts.signatures());
        this.tokenFile = new TokenFile(parts.hostFiles(), verifier);
        this.client = new EnrolmentClient(
                parts.json(),
                parts.keyring(),
                new EnrolmentAnswer(parts.json(), parts.signatures(), verifier, parts.time(), settingsCheck));
    }

    @Override
    public String name() {
        return "enrolment";
    }

    /** For status; safe from any task. */
    public EnrolmentState state() {
        return state;
    }

    @Override
    public void run() throws InterruptedException {
        for (int attempt = 0; ; attempt++) {
            Duration wait = backoff.delay(attempt, parts.entropy());
            try {
                Enrolment enrolment = attempt();
                store.save(enrolment);
                store.forgetNonce();
                LOG.log(Level.INFO, "enrolled as {0} of {1}", enrolment.identity(), enrolment.customer());
                enrolled.accept(enrolment);
                return;
            } catch (PortException.Unavailable later) {
                failed(later);
                Duration asked = later.retryAfter();
                if (asked != null && asked.compareTo(wait) > 0) {
                    wait = Duration.ofSeconds(Math.min(asked.toSeconds() + 1, LONGEST_DEFER_SECONDS));
                }
            } catch (PortException.Refused refused) {
                failed(refused);
            }
            parts.tasks().sleep(wait);
        }
    }

    private Enrolment attempt() throws InterruptedException {
        parts.meter().count("mr_enrolment_attempts_total", 1);
        state = new EnrolmentState(state.attempts() + 1, state.identity(), state.lastCode(), state.lastReason());
        VerifyKey.Ed25519 key = parts.keyring().ensure(KeyRole.IDENTITY);
        parts.keyring().ensure(KeyRole.NATS_USER);
        String nodeKey = parts.keyring()
                .publicNkey(KeyRole.NATS_USER)
                .orElseThrow(() -> new PortException.Refused("key.missing", "the NATS user key is missing"));
        Value.Obj facts = parts.facts().gather(settings.optOuts());
        String identity = NodeIdentity.choose(settings.identity(), facts, key);
        state = new EnrolmentState(state.attempts(), identity, state.lastCode(), state.lastReason());
        if (!NodeIdentity.isValid(identity)) {
            throw new PortException.Refused("enrol.identity", "the identity '" + identity + "' is not a node name");
        }
        TokenFile.Found found = tokenFile.read(settings);
        VerifyKey.Ed25519 issuer = settings.issuer().orElseThrow();
        EnrolmentClient.Question question = new EnrolmentClient.Question(
                found,
                issuer,
                identity,
                key,
                nodeKey,
                store.nonce(() -> parts.entropy().hex(32)),
                Value.obj("version", Value.text(settings.version()), "facts", facts));
        try (Link link = parts.https().connect(endpoint(found, identity))) {
            return client.enrol(link, question);
        }
    }

    private Endpoint endpoint(TokenFile.Found found, String identity) {
        ProvisioningToken token = found.token();
        if (token.gateways().isEmpty()) {
            throw new PortException.Refused(
                    "enrol.no-gateway",
                    "the provisioning token names no https gateway; ask the vendor for one that does");
        }
        return new Endpoint(
                token.gateways(),
                new TrustPolicy(found.pins(), token.claims().issued()),
                new Endpoint.Credentials.Anonymous(),
                identity,
                settings.connectTimeout());
    }

    private void failed(PortException e) {
        parts.meter().count("mr_enrolment_failures_total", "code", e.code(), 1);
        String reason = String.valueOf(e.getMessage());
        if (!e.code().equals(state.lastCode()) || !reason.equals(state.lastReason())) {
            LOG.log(Level.WARNING, "not enrolled yet: {0}: {1}", e.code(), reason);
        }
        state = new EnrolmentState(state.attempts(), state.identity(), e.code(), reason);
    }

    /**
     * The ports an enrolment needs.
     *
     * @param https the transport of the gateway
     */
    public record Parts(
            Transport https,
            HostFiles hostFiles,
            FactSource facts,
            Keyring keyring,
            Signatures signatures,
            JsonFormat json,
            Tasks tasks,
            TimeSource time,
            Entropy entropy,
            Meter meter) {}
}

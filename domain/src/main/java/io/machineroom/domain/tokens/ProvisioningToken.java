package io.machineroom.domain.tokens;

import io.machineroom.ports.data.Secret;
import io.machineroom.ports.data.Value;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The claims of a provisioning token: how a node without enrolment finds those who may enrol it.
 *
 * @param claims shared claims
 * @param secret shared secret of Choria's provisioning calls ({@code cht})
 * @param urls the ways in ({@code chu}); an entry without scheme is {@code nats}; empty with a domain
 * @param srvDomain domain for an SRV lookup ({@code chsrv}); empty with urls
 * @param byDefault {@code chpd}
 * @param organisation {@code ou}; {@code choria} when the claim is absent
 * @param extensions the vendor's own data, such as {@code customer} and {@code site}
 * @param caPins SHA-256 of acceptable CA public keys, lower-case hex, at most two ({@code ca_pins}); only
 *     to be used when the token was verified against the build's issuer key
 */
public record ProvisioningToken(
        Claims claims,
        Secret secret,
        List<URI> urls,
        String srvDomain,
        boolean byDefault,
        String organisation,
        Value.Obj extensions,
        List<String> caPins) {
    /** Value of {@code purpose} and {@code sub}. */
    public static final String PURPOSE = "choria_provisioning";

    public ProvisioningToken {
        urls = List.copyOf(urls);
        caPins = List.copyOf(caPins);
    }

    static Verdict<ProvisioningToken> of(Jwt jwt) {
        Claims claims = jwt.claims();
        Value.Obj all = jwt.all();
        if (!claims.purpose().equals(PURPOSE) && !claims.subject().equals(PURPOSE)) {
            return Verdict.rejected("token.purpose", "it is not a provisioning token");
        }
        String secret = Claims.text(all, "cht");
        String chu = Claims.text(all, "chu");
        String srv = Claims.text(all, "chsrv");
        if (secret.isEmpty()) {
            return Verdict.rejected("token.claims", "it has no auth token (cht)");
        }
        if (chu.isEmpty() == srv.isEmpty()) {
            return Verdict.rejected("token.claims", "exactly one of chu and chsrv must be set");
        }
        List<URI> urls = new ArrayList<>();
        for (String entry : chu.isEmpty() ? new String[0] : chu.split(",")) {
            try {
                urls.add(url(entry.strip()));
            } catch (IllegalArgumentException bad) {
                return Verdict.rejected("token.claims", "an entry of chu is not a URL with host and port");
            }
        }
        List<String> pins = all.texts("ca_pins").stream()
                .map(p -> p.strip().toLowerCase(Locale.ROOT))
                .toList();
        if (pins.size() > 2 || !pins.stream().allMatch(ChainOfTrust::isKey)) {
            return Verdict.rejected("token.claims", "ca_pins is not a list of at most two SHA-256 in hex");
        }
        return Verdict.verified(new ProvisioningToken(
                claims,
                Secret.of(secret),
                urls,
                srv,
                all.bool("chpd").orElse(false),
                all.text("ou").filter(o -> !o.isEmpty()).orElse("choria"),
                all.obj("extensions").orElse(Value.obj()),
                pins));
    }

    /** The ways in that are gateways ({@code https}). */
    public List<URI> gateways() {
        return urls.stream().filter(u -> u.getScheme().equals("https")).toList();
    }

    /** The ways in that are brokers ({@code nats}, {@code tls}). */
    public List<URI> brokers() {
        return urls.stream()
                .filter(u -> u.getScheme().equals("nats") || u.getScheme().equals("tls"))
                .toList();
    }

    public String customer() {
        return Claims.text(extensions, "customer");
    }

    public String site() {
        return Claims.text(extensions, "site");
    }

    private static URI url(String text) {
        URI uri = URI.create(text.contains("://") ? text : "nats://" + text);
        if (uri.getHost() == null || (uri.getPort() < 0 && !"https".equals(uri.getScheme()))) {
            throw new IllegalArgumentException("no host or port");
        }
        return uri;
    }

    @Override
    public String toString() {
        return "ProvisioningToken[" + organisation + ", " + claims.id() + "]";
    }

    /**
     * What to write into a new one.
     *
     * @param secret {@code cht}; not empty
     * @param urls {@code chu}; at least one
     * @param organisation {@code ou}
     * @param extensions vendor data
     * @param caPins at most two; may be empty
     */
    public record Draft(Secret secret, List<URI> urls, String organisation, Value.Obj extensions, List<String> caPins) {
        public Draft {
            urls = List.copyOf(urls);
            caPins = List.copyOf(caPins);
            if (urls.isEmpty() || secret.isEmpty() || caPins.size() > 2) {
                throw new IllegalArgumentException("a provisioning token needs a secret, a URL and at most two pins");
            }
        }

        Value.Obj own() {
            Value.Obj out = Value.obj("cht", Value.text(secret.useText(s -> s)), "chs", Value.bool(true))
                    .with(
                            "chu",
                            Value.text(String.join(
                                    ",", urls.stream().map(URI::toString).toList())))
                    .with("chpd", Value.bool(true))
                    .with("extensions", extensions)
                    .with("ou", Value.text(organisation))
                    .with("v2", Value.bool(true));
            return caPins.isEmpty() ? out : out.with("ca_pins", Value.texts(caPins));
        }
    }
}

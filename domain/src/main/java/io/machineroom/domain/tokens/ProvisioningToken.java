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

    private static final List<String> TEXTS = List.of("cht", "chu", "chsrv", "chrd", "chf", "chusr", "chpwd", "ou");
    private static final List<String> SWITCHES = List.of("chs", "chpd", "v2", "update");

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
        String mistyped = mistyped(all);
        if (!mistyped.isEmpty()) {
            return Verdict.rejected("token.claims", "claim " + mistyped + " is of another type than it must be");
        }
        if (secret.isEmpty()) {
            return Verdict.rejected("token.claims", "it has no auth token (cht)");
        }
        if (chu.isEmpty() == srv.isEmpty()) {
            return Verdict.rejected("token.claims", "exactly one of chu and chsrv must be set");
        }
        List<URI> urls;
        try {
            urls = urls(chu);
        } catch (IllegalArgumentException bad) {
            return Verdict.rejected("token.claims", "an entry of chu is not a URL with host and port");
        }
        List<String> pins = pins(all);
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

    private static List<String> pins(Value.Obj all) {
        return all.texts("ca_pins").stream()
                .map(p -> p.strip().toLowerCase(Locale.ROOT))
                .toList();
    }

    /** One bad entry spoils the whole list, an empty one too. */
    private static List<URI> urls(String chu) {
        List<URI> out = new ArrayList<>();
        for (String entry : chu.isEmpty() ? new String[0] : chu.split(",", -1)) {
            out.add(url(entry.strip()));
        }
        return out;
    }

    /** Scheme, host and port; whatever else stands there is dropped. */
    private static URI url(String text) {
        URI uri = URI.create(text.contains("://") ? text : "nats://" + text);
        if (uri.getHost() == null || (uri.getPort() < 0 && !"https".equalsIgnoreCase(uri.getScheme()))) {
            throw new IllegalArgumentException("no host or port");
        }
        String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
        return URI.create(uri.getScheme().toLowerCase(Locale.ROOT) + "://" + uri.getHost() + port);
    }

    /** The first claim that is there with another type than the original takes; empty when there is none. */
    private static String mistyped(Value.Obj all) {
        for (String name : TEXTS) {
            if (!Claims.absent(all, name) && all.text(name).isEmpty()) {
                return name;
            }
        }
        for (String name : SWITCHES) {
            if (!Claims.absent(all, name) && all.bool(name).isEmpty()) {
                return name;
            }
        }
        return Claims.absent(all, "extensions") || all.obj("extensions").isPresent() ? "" : "extensions";
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

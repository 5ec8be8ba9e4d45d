package io.machineroom.domain.provisioning;

import io.machineroom.ports.data.Secret;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.security.VerifyKey;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Enrolments as documents: the decoded answer of the backplane and the file of the node are alike. */
final class EnrolmentText {
    private static final Pattern TENANT = Pattern.compile("[a-z][a-z0-9_-]{0,31}");
    private static final Pattern NODE_KEY = Pattern.compile("U[A-Z2-7]{55}");

    private EnrolmentText() {}

    static Value.Obj write(Enrolment e) {
        Map<String, Value> configuration = new LinkedHashMap<>();
        new TreeMap<>(e.configuration()).forEach((k, v) -> configuration.put(k, Value.text(v)));
        Value.Obj out = Value.obj(
                        "identity",
                        Value.text(e.identity()),
                        "public_key",
                        Value.text(e.publicKey().hexText()))
                .with("node_key", Value.text(e.nodeKey()))
                .with("customer", Value.text(e.customer()))
                .with("site", Value.text(e.site()))
                .with("server_jwt", Value.text(e.serverJwt().useText(t -> t)))
                .with("configuration", Value.obj(configuration))
                .with("receipt_key", Value.text(e.receiptKey().hexText()))
                .with("list_serial", Value.num(e.listSerial()))
                .with("nats_jwt", Value.text(e.natsJwt().useText(t -> t)))
                .with("nats_urls", urls(e.natsUrls()))
                .with("https_urls", urls(e.httpsUrls()))
                .with("ca_pins", Value.texts(e.caPins()))
                .with("issued", Value.num(e.issued()));
        return e.siteBroker()
                .map(b -> out.with("site_broker", SiteBrokerText.write(b)))
                .orElse(out);
    }

    /**
     * Reads one; {@code node_key} may be missing and is then {@code nodeKey}.
     *
     * @throws IllegalArgumentException naming what is wrong, without secrets
     */
    static Enrolment read(Value.Obj in, String nodeKey) {
        String identity = text(in, "identity");
        String node = in.text("node_key").orElse(nodeKey);
        String customer = text(in, "customer");
        String site = in.text("site").orElse("");
        require(NodeIdentity.isValid(identity), "identity is not a node name");
        require(NODE_KEY.matcher(node).matches(), "node_key is not a user nkey");
        require(TENANT.matcher(customer).matches(), "customer is not a customer name");
        require(site.isEmpty() || TENANT.matcher(site).matches(), "site is not a site name");
        List<URI> nats = urls(in, "nats_urls", Set.of("nats", "tls"));
        List<URI> https = urls(in, "https_urls", Set.of("https"));
        require(!nats.isEmpty() || !https.isEmpty(), "there is neither a broker nor a gateway");
        String natsJwt = in.text("nats_jwt").orElse("");
        require(nats.isEmpty() || !natsJwt.isEmpty(), "there are brokers and no nats_jwt");
        List<String> pins = in.texts("ca_pins");
        require(
                pins.size() <= 2 && pins.stream().allMatch(p -> p.matches("[0-9a-f]{64}")),
                "ca_pins are not at most two SHA-256 in hex");
        return new Enrolment(
                identity,
                key(in, "public_key"),
                node,
                customer,
                site,
                Secret.of(text(in, "server_jwt")),
                configuration(in),
                key(in, "receipt_key"),
                in.whole("list_serial").orElseThrow(() -> new IllegalArgumentException("list_serial is missing")),
                Secret.of(natsJwt),
                nats,
                https,
                pins,
                in.whole("issued").orElseThrow(() -> new IllegalArgumentException("issued is missing")),
                in.obj("site_broker").map(SiteBrokerText::read));
    }

    private static Map<String, String> configuration(Value.Obj in) {
        Map<String, String> out = new TreeMap<>();
        in.obj("configuration").orElse(Value.obj()).fields().forEach((key, value) -> {
            require(value instanceof Value.Text, "configuration holds something else than texts");
            String text = ((Value.Text) value).value();
            require(
                    !key.isBlank()
                            && key.equals(key.strip())
                            && key.chars().noneMatch(c -> c == '=' || c == '#' || c < ' ')
                            && text.chars().noneMatch(c -> c < ' '),
                    "configuration holds a key or value that is no line of a file");
            out.put(key, text);
        });
        return out;
    }

    private static VerifyKey.Ed25519 key(Value.Obj in, String name) {
        try {
            return VerifyKey.hex(text(in, name));
        } catch (IllegalArgumentException no) {
            throw new IllegalArgumentException(name + " is not an Ed25519 key in hex", no);
        }
    }

    private static String text(Value.Obj in, String name) {
        return in.text(name)
                .filter(t -> !t.isEmpty())
                .orElseThrow(() -> new IllegalArgumentException(name + " is missing"));
    }

    private static Value urls(List<URI> urls) {
        return Value.texts(urls.stream().map(URI::toString).toList());
    }

    private static List<URI> urls(Value.Obj in, String name, Set<String> schemes) {
        List<URI> out = new ArrayList<>();
        for (String text : in.texts(name)) {
            URI url;
            try {
                url = URI.create(text);
            } catch (IllegalArgumentException no) {
                throw new IllegalArgumentException(name + " holds something else than URLs", no);
            }
            require(
                    url.getHost() != null && schemes.contains(url.getScheme()) && url.getUserInfo() == null,
                    name + " holds a URL of another kind");
            out.add(url);
        }
        return out;
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}

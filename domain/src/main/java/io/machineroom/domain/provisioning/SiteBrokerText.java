package io.machineroom.domain.provisioning;

import io.machineroom.ports.broker.Broker;
import io.machineroom.ports.broker.BrokerCluster;
import io.machineroom.ports.data.Secret;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.transport.HostName;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The part {@code site_broker} of an enrolment as a document. What a broker could not read is refused here. */
final class SiteBrokerText {
    private static final Pattern ACCOUNT = Pattern.compile("A[A-Z2-7]{55}");
    private static final Pattern JWT = Pattern.compile("[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,127}");
    private static final Pattern PASSWORD = Pattern.compile("[0-9a-f]{64}");
    /** A majority of them is two: one may be lost. */
    private static final int MEMBERS = 3;

    private static final int MOST_ACCOUNTS = 10;

    private SiteBrokerText() {}

    static Value.Obj write(SiteBroker broker) {
        Value.Obj out = single(broker);
        return broker.cluster().map(c -> out.with("cluster", cluster(c))).orElse(out);
    }

    private static Value.Obj cluster(BrokerCluster cluster) {
        return Value.obj("name", Value.text(cluster.name()), "member", Value.num(cluster.member()))
                .with("route_port", Value.num(cluster.routePort()))
                .with("user", Value.text(cluster.user()))
                .with("password", Value.text(cluster.password().useText(t -> t)))
                .with(
                        "routes",
                        new Value.Arr(cluster.routes().stream()
                                .<Value>map(r -> Value.obj("host", Value.text(r.host()))
                                        .with("member", Value.num(r.member()))
                                        .with("port", Value.num(r.port())))
                                .toList()));
    }

    private static Value.Obj single(SiteBroker broker) {
        return Value.obj("host", Value.text(broker.host()), "port", Value.num(broker.port()))
                .with("gateway_port", Value.num(broker.gatewayPort()))
                .with("operator_jwt", Value.text(broker.operatorJwt()))
                .with("system_account", Value.text(broker.systemAccount()))
                .with(
                        "accounts",
                        new Value.Arr(broker.accounts().stream()
                                .<Value>map(a -> Value.obj("nkey", Value.text(a.nkey()), "jwt", Value.text(a.jwt())))
                                .toList()))
                .with("user_jwt", Value.text(broker.userJwt().useText(t -> t)));
    }

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException naming what is wrong, without secrets
     */
    static SiteBroker read(Value.Obj in) {
        String system = matching(in, "system_account", ACCOUNT);
        List<Broker.Account> accounts = accounts(in);
        if (accounts.stream().noneMatch(a -> a.nkey().equals(system))) {
            throw new IllegalArgumentException("site_broker.accounts lacks the system account");
        }
        return new SiteBroker(
                host(in),
                port(in, "port"),
                port(in, "gateway_port"),
                matching(in, "operator_jwt", JWT),
                system,
                accounts,
                Secret.of(matching(in, "user_jwt", JWT)),
                in.get("cluster").map(SiteBrokerText::cluster));
    }

    private static BrokerCluster cluster(Value value) {
        Value.Obj in = value instanceof Value.Obj object ? object : Value.obj();
        List<BrokerCluster.Route> routes = new ArrayList<>();
        if (in.get("routes").orElse(null) instanceof Value.Arr all) {
            for (Value one : all.items()) {
                Value.Obj route = one instanceof Value.Obj object ? object : Value.obj();
                routes.add(new BrokerCluster.Route(member(route), host(route), port(route, "port")));
            }
        }
        int member = member(in);
        boolean whole = routes.size() == MEMBERS
                && routes.stream().map(BrokerCluster.Route::member).distinct().count() == MEMBERS;
        if (!whole) {
            throw new IllegalArgumentException("site_broker.cluster.routes do not name " + MEMBERS + " members");
        }
        return new BrokerCluster(
                matching(in, "name", NAME),
                member,
                port(in, "route_port"),
                matching(in, "user", NAME),
                Secret.of(matching(in, "password", PASSWORD)),
                routes);
    }

    private static int member(Value.Obj in) {
        long member = in.whole("member").orElse(0L);
        if (member < 1 || member > MEMBERS) {
            throw new IllegalArgumentException("site_broker.cluster: a member has a number from 1 to " + MEMBERS);
        }
        return (int) member;
    }

    private static List<Broker.Account> accounts(Value.Obj in) {
        List<Broker.Account> out = new ArrayList<>();
        if (in.get("accounts").orElse(null) instanceof Value.Arr all) {
            for (Value one : all.items()) {
                Value.Obj account = one instanceof Value.Obj object ? object : Value.obj();
                out.add(new Broker.Account(matching(account, "nkey", ACCOUNT), matching(account, "jwt", JWT)));
            }
        }
        if (out.size() < 2 || out.size() > MOST_ACCOUNTS) {
            throw new IllegalArgumentException("site_broker.accounts are not the system account and the site's");
        }
        return out;
    }

    private static int port(Value.Obj in, String name) {
        long port = in.whole(name).orElse(0L);
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("site_broker." + name + " is no port");
        }
        return (int) port;
    }

    private static String host(Value.Obj in) {
        return in.text("host")
                .filter(HostName::isHostName)
                .orElseThrow(() -> new IllegalArgumentException("site_broker.host is missing or malformed"));
    }

    private static String matching(Value.Obj in, String name, Pattern pattern) {
        return in.text(name)
                .filter(t -> pattern.matcher(t).matches())
                .orElseThrow(() -> new IllegalArgumentException("site_broker." + name + " is missing or malformed"));
    }
}

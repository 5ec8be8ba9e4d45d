package io.machineroom.domain.provisioning;

import io.machineroom.ports.broker.Broker;
import io.machineroom.ports.data.Secret;
import io.machineroom.ports.data.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The part {@code site_broker} of an enrolment as a document. What a broker could not read is refused here. */
final class SiteBrokerText {
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.:-]{0,252}[A-Za-z0-9])?");
    private static final Pattern ACCOUNT = Pattern.compile("A[A-Z2-7]{55}");
    private static final Pattern JWT = Pattern.compile("[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+");
    private static final int MOST_ACCOUNTS = 10;

    private SiteBrokerText() {}

    static Value.Obj write(SiteBroker broker) {
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
                matching(in, "host", HOST),
                port(in, "port"),
                port(in, "gateway_port"),
                matching(in, "operator_jwt", JWT),
                system,
                accounts,
                Secret.of(matching(in, "user_jwt", JWT)));
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

    private static String matching(Value.Obj in, String name, Pattern pattern) {
        return in.text(name)
                .filter(t -> pattern.matcher(t).matches())
                .orElseThrow(() -> new IllegalArgumentException("site_broker." + name + " is missing or malformed"));
    }
}

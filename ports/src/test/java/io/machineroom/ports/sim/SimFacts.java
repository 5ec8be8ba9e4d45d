package io.machineroom.ports.sim;

import io.machineroom.ports.data.Value;
import io.machineroom.ports.host.FactSource;
import java.util.LinkedHashMap;
import java.util.Map;

/** Facts of a host that stays as it is. */
public final class SimFacts implements FactSource {
    private final String hostname;

    public SimFacts(String hostname) {
        this.hostname = hostname;
    }

    @Override
    public Value.Obj gather(OptOuts without) {
        boolean all = without.standard();
        Value.Obj host = all || without.host()
                ? Value.obj()
                : Value.obj("hostname", Value.text(hostname), "os", Value.text("linux"), "uptime", Value.num(1));
        boolean noMemory = all || without.memory();
        boolean noSwap = noMemory || without.swap();
        boolean noDisk = all || without.disk();
        boolean noNetwork = all || without.network();
        Map<String, Value> facts = new LinkedHashMap<>();
        facts.put("host", Value.obj("info", host));
        facts.put("cpu", Value.obj("info", all || without.cpu() ? Value.arr() : list("modelName", "simulated")));
        facts.put(
                "memory",
                Value.obj(
                        "virtual",
                        noMemory ? Value.obj() : Value.obj("total", Value.num(1 << 30)),
                        "swap",
                        Value.obj(
                                "info",
                                noSwap ? Value.obj() : Value.obj("total", Value.num(0)),
                                "devices",
                                noSwap ? Value.obj() : Value.arr())));
        facts.put(
                "partition",
                Value.obj(
                        "partitions",
                        noDisk ? Value.arr() : list("mountpoint", "/"),
                        "usage",
                        noDisk ? Value.arr() : list("path", "/")));
        Value.Obj network = Value.obj(
                "interfaces",
                noNetwork ? Value.arr() : list("name", "eth0"),
                "addresses",
                noNetwork ? Value.arr() : list("address", "192.0.2.1"),
                "default_ipv4",
                Value.text(noNetwork ? "" : "192.0.2.1"));
        facts.put("network", network.with("default_ipv6", Value.text("")));
        return Value.obj(facts);
    }

    private static Value.Arr list(String key, String value) {
        return Value.arr(Value.obj(key, Value.text(value)));
    }
}

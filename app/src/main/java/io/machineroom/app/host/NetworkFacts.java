package io.machineroom.app.host;

import io.machineroom.ports.data.Value;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Interfaces and addresses as the JDK sees them. The default ones are those that route to the internet. */
final class NetworkFacts {
    private static final System.Logger LOG = System.getLogger(NetworkFacts.class.getName());
    private static final String FAR_4 = "1.1.1.1";
    private static final String FAR_6 = "2001:4860:4860::8888";

    private final List<Value> interfaces = new ArrayList<>();
    private final List<Value> addresses = new ArrayList<>();
    private String default4 = "";
    private String default6 = "";

    private NetworkFacts() {}

    static Value.Obj gather(boolean unwanted) {
        NetworkFacts facts = new NetworkFacts();
        try {
            if (!unwanted) {
                facts.look();
            }
        } catch (SocketException e) {
            LOG.log(System.Logger.Level.WARNING, () -> "no facts about the network on this host: " + e);
        }
        Map<String, Value> out = new LinkedHashMap<>();
        out.put("interfaces", new Value.Arr(facts.interfaces));
        out.put("addresses", new Value.Arr(facts.addresses));
        out.put("default_ipv4", Value.text(facts.default4));
        out.put("default_ipv6", Value.text(facts.default6));
        return Value.obj(out);
    }

    private void look() throws SocketException {
        String route4 = interfaceTowards(FAR_4);
        String route6 = interfaceTowards(FAR_6);
        for (NetworkInterface found : Collections.list(NetworkInterface.getNetworkInterfaces())) {
            interfaces.add(one(found));
            for (InterfaceAddress bound : found.getInterfaceAddresses()) {
                InetAddress address = bound.getAddress();
                boolean local = address.isLoopbackAddress()
                        || address.isLinkLocalAddress()
                        || address.isMulticastAddress()
                        || address.isAnyLocalAddress();
                if (!local) {
                    address(found.getName(), address, route4, route6);
                }
            }
        }
    }

    private void address(String name, InetAddress address, String route4, String route6) {
        boolean four = address instanceof Inet4Address;
        boolean isDefault = name.equals(four ? route4 : route6);
        String text = text(address);
        addresses.add(Value.obj("interface", Value.text(name), "address", Value.text(text), "ipv4", Value.bool(four))
                .with("default", Value.bool(isDefault)));
        default4 = isDefault && four ? text : default4;
        default6 = isDefault && !four ? text : default6;
    }

    private static Value one(NetworkInterface found) throws SocketException {
        List<String> flags = new ArrayList<>();
        flag(flags, found.isUp(), "up");
        flag(flags, found.getInterfaceAddresses().stream().anyMatch(a -> a.getBroadcast() != null), "broadcast");
        flag(flags, found.isLoopback(), "loopback");
        flag(flags, found.isPointToPoint(), "pointtopoint");
        flag(flags, found.supportsMulticast(), "multicast");
        byte[] hardware = found.getHardwareAddress();
        List<Value> bound = found.getInterfaceAddresses().stream()
                .map(a ->
                        (Value) Value.obj("addr", Value.text(text(a.getAddress()) + "/" + a.getNetworkPrefixLength())))
                .toList();
        Map<String, Value> out = new LinkedHashMap<>();
        out.put("index", Value.num(found.getIndex()));
        out.put("mtu", Value.num(found.getMTU()));
        out.put("name", Value.text(found.getName()));
        out.put(
                "hardwareAddr",
                Value.text(hardware == null ? "" : HexFormat.ofDelimiter(":").formatHex(hardware)));
        out.put("flags", Value.texts(flags));
        out.put("addrs", new Value.Arr(bound));
        return Value.obj(out);
    }

    private static void flag(List<String> flags, boolean set, String name) {
        if (set) {
            flags.add(name);
        }
    }

    /** IPv6 with its longest run of zeros left out, as everybody but Java writes it. */
    static String text(InetAddress address) {
        String text = address.getHostAddress();
        int scope = text.indexOf('%');
        String plain = scope < 0 ? text : text.substring(0, scope);
        if (address instanceof Inet4Address) {
            return plain;
        }
        for (int run = 8; run >= 2; run--) {
            Matcher zeros =
                    Pattern.compile("(^|:)0(:0){" + (run - 1) + "}(:|$)").matcher(plain);
            if (zeros.find()) {
                return zeros.replaceFirst("::");
            }
        }
        return plain;
    }

    /** Asks the routing table: a connected datagram socket sends nothing. */
    private static String interfaceTowards(String address) {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(new InetSocketAddress(InetAddress.getByName(address), 53));
            NetworkInterface found = NetworkInterface.getByInetAddress(socket.getLocalAddress());
            return found == null ? "" : found.getName();
        } catch (IOException | java.io.UncheckedIOException noRoute) {
            return "";
        }
    }
}

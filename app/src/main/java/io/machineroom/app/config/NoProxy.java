package io.machineroom.app.config;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Servers that are reached without the proxy, written as in the variable {@code NO_PROXY} of other programs: names, suffixes,
 * addresses and networks, comma separated. Names are compared as they are written in a URL; nothing is looked up.
 */
public final class NoProxy implements Predicate<URI> {
    private static final int HTTPS = 443;

    private final List<Rule> rules;

    private NoProxy(List<Rule> rules) {
        this.rules = List.copyOf(rules);
    }

    /** One entry of the list. */
    private sealed interface Rule {
        boolean spares(String host, int port);
    }

    private record All() implements Rule {
        @Override
        public boolean spares(String host, int port) {
            return true;
        }
    }

    /** A name and what is below it; with a leading dot in the list only what is below it. Port 0: any. */
    private record Name(String name, boolean itself, int ofPort) implements Rule {
        @Override
        public boolean spares(String host, int port) {
            boolean named = itself && host.equals(name) || host.endsWith("." + name);
            return named && (ofPort == 0 || ofPort == port);
        }
    }

    /** Addresses that begin with the same bits. Port 0: any. */
    private record Network(byte[] address, int bits, int ofPort) implements Rule {
        @Override
        public boolean spares(String host, int port) {
            Optional<InetAddress> literal = literal(host);
            if (literal.isEmpty() || ofPort != 0 && ofPort != port) {
                return false;
            }
            byte[] other = literal.get().getAddress();
            int cut = address.length * 8 - bits;
            return other.length == address.length
                    && new BigInteger(1, other).shiftRight(cut).equals(new BigInteger(1, address).shiftRight(cut));
        }
    }

    /**
     * Reads a list; an empty one spares nobody.
     *
     * @throws IllegalArgumentException with a sentence about the first entry that is none
     */
    public static NoProxy parse(String list) {
        List<Rule> rules = new ArrayList<>();
        for (String entry : list.split(",", -1)) {
            String text = entry.strip().toLowerCase(Locale.ROOT);
            if (!text.isEmpty()) {
                rules.add(rule(text));
            }
        }
        return new NoProxy(rules);
    }

    private static Rule rule(String text) {
        if (text.equals("*")) {
            return new All();
        }
        int slash = text.indexOf('/');
        if (slash >= 0) {
            return network(text, slash);
        }
        Optional<InetAddress> whole = literal(text);
        if (whole.isPresent()) {
            return address(whole.get(), 0);
        }
        int colon = text.lastIndexOf(':');
        int port = colon < 0 ? 0 : port(text, text.substring(colon + 1));
        String host = colon < 0 ? text : text.substring(0, colon);
        return literal(host).map(address -> address(address, port)).orElseGet(() -> name(text, host, port));
    }

    private static Rule address(InetAddress address, int port) {
        return new Network(address.getAddress(), address.getAddress().length * 8, port);
    }

    private static Rule name(String text, String host, int port) {
        String plain = host.startsWith("*.") ? host.substring(1) : host;
        boolean suffix = plain.startsWith(".");
        String name = suffix ? plain.substring(1) : plain;
        if (!name.matches("[a-z0-9_-]+(\\.[a-z0-9_-]+)*\\.?") || name.matches("[0-9.]+")) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no host, .suffix, address or network such as 10.0.0.0/8");
        }
        return new Name(trimmed(name), !suffix, port);
    }

    private static Rule network(String text, int slash) {
        Optional<InetAddress> address = literal(text.substring(0, slash));
        String bits = text.substring(slash + 1);
        if (address.isEmpty()
                || !bits.matches("[0-9]{1,3}")
                || Integer.parseInt(bits) > address.get().getAddress().length * 8) {
            throw new IllegalArgumentException("'" + text + "' is no network such as 10.0.0.0/8 or fd00::/8");
        }
        return new Network(address.get().getAddress(), Integer.parseInt(bits), 0);
    }

    private static int port(String text, String port) {
        if (!port.matches("[0-9]{1,5}") || Integer.parseInt(port) < 1 || Integer.parseInt(port) > 65_535) {
            throw new IllegalArgumentException("'" + text + "' has no port from 1 to 65535");
        }
        return Integer.parseInt(port);
    }

    /** An address as it is written, with or without brackets; empty for a name. */
    private static Optional<InetAddress> literal(String host) {
        String plain = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
        if (!plain.matches("[0-9]+(\\.[0-9]+){3}") && !plain.matches("[0-9a-f.]*:[0-9a-f.]*:[0-9a-f:.]*")) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.ofLiteral(plain));
        } catch (IllegalArgumentException noAddress) {
            // looks like one and is none: whoever asked says so, or takes it for a name
            return Optional.empty();
        }
    }

    private static String trimmed(String host) {
        return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    }

    /** Whether the server of that URL is reached without the proxy. */
    @Override
    public boolean test(URI url) {
        String host = url.getHost();
        if (host == null) {
            return false;
        }
        String name = trimmed(host.toLowerCase(Locale.ROOT));
        int port = url.getPort() < 0 ? HTTPS : url.getPort();
        return rules.stream().anyMatch(rule -> rule.spares(name, port));
    }
}

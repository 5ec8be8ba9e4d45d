package io.machineroom.app.backplane;

import io.machineroom.domain.backplane.Site;
import io.machineroom.domain.backplane.SitePorts;
import io.machineroom.ports.PortException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A standby as the operator writes it: {@code IDENTITY@HOST[:PORT:GATEWAY_PORT:ROUTE_PORT]}. */
final class StandbyPlace {
    private static final Pattern TEXT =
            Pattern.compile("([^@]+)@(?:\\[([^\\]]+)]|([^:\\[\\]]+))(?::(\\d{1,5}):(\\d{1,5}):(\\d{1,5}))?");

    private StandbyPlace() {}

    /**
     * Reads one.
     *
     * @throws PortException.Refused {@code site.place}
     */
    static Site.Seat read(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new PortException.Refused(
                    "site.place",
                    "a standby is IDENTITY@HOST or IDENTITY@HOST:PORT:GATEWAY_PORT:ROUTE_PORT, an IPv6 host in brackets, not '"
                            + text + "'");
        }
        String host = Optional.ofNullable(matcher.group(2)).orElse(matcher.group(3));
        return new Site.Seat(
                matcher.group(1),
                new Site.Place(
                        host,
                        port(matcher, 4, SitePorts.BROKER),
                        port(matcher, 5, SitePorts.GATEWAY),
                        route(matcher, text)));
    }

    private static int port(Matcher matcher, int group, int otherwise) {
        return Optional.ofNullable(matcher.group(group)).map(Integer::parseInt).orElse(otherwise);
    }

    /** Port 0 would mean that there is none. */
    private static int route(Matcher matcher, String text) {
        int port = port(matcher, 6, SitePorts.ROUTE);
        if (port == 0) {
            throw new PortException.Refused("site.place", "a port is 1 to 65535, not that of '" + text + "'");
        }
        return port;
    }
}

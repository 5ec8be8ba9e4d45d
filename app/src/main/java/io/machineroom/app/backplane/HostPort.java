package io.machineroom.app.backplane;

import picocli.CommandLine;

/** An address to listen on. */
record HostPort(String host, int port) {
    /** Reads {@code host:port}; an IPv6 address stands in brackets. */
    static HostPort read(String text, String option, CommandLine line) {
        int colon = text.lastIndexOf(':');
        String host = colon < 1 ? "" : text.substring(0, colon).replaceAll("[\\[\\]]", "");
        String port = colon < 0 ? "" : text.substring(colon + 1);
        if (host.isEmpty() || !port.matches("[0-9]{1,5}") || Integer.parseInt(port) > 65535) {
            throw new CommandLine.ParameterException(line, option + " " + text + ": write host:port");
        }
        return new HostPort(host, Integer.parseInt(port));
    }
}

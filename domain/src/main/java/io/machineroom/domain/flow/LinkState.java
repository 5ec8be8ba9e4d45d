package io.machineroom.domain.flow;

/**
 * What is known of the link, for status and logs.
 *
 * @param way {@code nats}, {@code https} or {@code none}
 * @param server URL of the server in use; empty while there is none
 * @param changes how often a link was taken into use
 * @param lastCode code of the last failure; empty when there was none
 * @param lastMessage its message, without secrets
 */
public record LinkState(String way, String server, long changes, String lastCode, String lastMessage) {
    public static LinkState none() {
        return new LinkState("none", "", 0, "", "");
    }

    public boolean isUp() {
        return !way.equals("none");
    }
}

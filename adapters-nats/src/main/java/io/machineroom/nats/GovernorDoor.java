package io.machineroom.nats;

import io.machineroom.ports.data.Value;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Closes and opens a governor in its stream's configuration: closed is a size of messages that none has. Who closed it stands in the
 * description, so that one change can be told from the next. Pure.
 */
final class GovernorDoor {
    /**
     * The smallest size that there is. Ours sends a header, so that none is as small; of Choria's clients one whose name is a single
     * letter, or empty, gets in all the same.
     */
    private static final long CLOSED = 1;

    private static final Pattern CHANGE = Pattern.compile(" \\[closed by change ([0-9A-Za-z-]{1,64})]$");

    private GovernorDoor() {}

    static boolean isClosed(Value.Obj config) {
        return config.whole("max_msg_size").orElse(-1L) == CLOSED;
    }

    /** Which change closed it; empty when it is open, or when nobody said. */
    static String change(Value.Obj config) {
        Matcher said = CHANGE.matcher(description(config));
        return isClosed(config) && said.find() ? said.group(1) : "";
    }

    static Value.Obj close(Value.Obj config, String change) {
        return open(config)
                .with("max_msg_size", Value.num(CLOSED))
                .with("description", Value.text(description(open(config)) + " [closed by change " + change + "]"));
    }

    /** As it was before it was closed; an open one stays as it is. */
    static Value.Obj open(Value.Obj config) {
        if (!isClosed(config)) {
            return config;
        }
        return config.with("max_msg_size", Value.num(-1))
                .with(
                        "description",
                        Value.text(CHANGE.matcher(description(config)).replaceFirst("")));
    }

    private static String description(Value.Obj config) {
        return config.text("description").orElse("");
    }
}

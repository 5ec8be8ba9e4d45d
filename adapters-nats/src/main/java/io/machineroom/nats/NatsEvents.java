package io.machineroom.nats;

import io.nats.client.Connection;
import io.nats.client.ConnectionListener;
import io.nats.client.ErrorListener;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What one connection says by itself: that it is gone, and what it was not allowed. Called from its threads. */
final class NatsEvents implements ConnectionListener, ErrorListener {
    private static final System.Logger LOG = System.getLogger(NatsEvents.class.getName());
    private static final Pattern VIOLATION = Pattern.compile(
            "permissions violation for (publish|subscription) to \"([^\"]*)\".*", Pattern.CASE_INSENSITIVE);

    private final String server;
    private final List<Consumer<String>> deniedPublishing = new CopyOnWriteArrayList<>();
    private final List<Consumer<String>> deniedSubscribing = new CopyOnWriteArrayList<>();
    private volatile boolean lost;
    private volatile @Nullable Exception fault;
    private volatile String error = "";

    NatsEvents(String server) {
        this.server = server;
    }

    /** Whether the connection ended, by whomever. */
    boolean lost() {
        return lost;
    }

    void onDeniedPublish(Consumer<String> listener) {
        deniedPublishing.add(listener);
    }

    void onDeniedSubscribe(Consumer<String> listener) {
        deniedSubscribing.add(listener);
    }

    void forgetDeniedSubscribe(Consumer<String> listener) {
        deniedSubscribing.remove(listener);
    }

    /** Whether a text of the server denies that subscription. */
    static boolean deniesSubscription(@Nullable String text, String subject) {
        Matcher denied = VIOLATION.matcher(text == null ? "" : text);
        return denied.find()
                && denied.group(1).equalsIgnoreCase("subscription")
                && denied.group(2).equals(subject);
    }

    /** What went wrong below, if it is known, else what the library threw. */
    Exception lastFault(Exception thrown) {
        Exception below = fault == null ? thrown : fault;
        return error.isEmpty() ? below : new IOException(error, below);
    }

    @Override
    @Deprecated
    public void connectionEvent(@Nullable Connection connection, Events type) {
        if (type == Events.DISCONNECTED || type == Events.CLOSED) {
            lost = true;
        }
    }

    @Override
    public void errorOccurred(Connection connection, String text) {
        error = text;
        Matcher denied = VIOLATION.matcher(text);
        if (denied.find()) {
            List<Consumer<String>> listeners =
                    denied.group(1).equalsIgnoreCase("publish") ? deniedPublishing : deniedSubscribing;
            listeners.forEach(l -> l.accept(denied.group(2)));
        }
        LOG.log(System.Logger.Level.DEBUG, () -> server + " says: " + text);
    }

    @Override
    public void exceptionOccurred(Connection connection, Exception exception) {
        fault = exception;
        LOG.log(System.Logger.Level.DEBUG, () -> server + ": " + exception);
    }
}

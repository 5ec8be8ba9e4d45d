package io.machineroom.http;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.JsonFormat;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A gateway and, for a node, the session there; notices when the connection is lost. Safe from any task. */
final class GatewaySession implements AutoCloseable {
    private final GatewayClient client;
    private final @Nullable NodeSession session;
    private final JsonFormat json;
    private final AtomicBoolean lost = new AtomicBoolean();

    GatewaySession(GatewayClient client, Optional<NodeSession> session, JsonFormat json) {
        this.client = client;
        this.session = session.orElse(null);
        this.json = json;
    }

    GatewayClient client() {
        return client;
    }

    JsonFormat json() {
        return json;
    }

    String server() {
        return client.server();
    }

    boolean lost() {
        return lost.get();
    }

    /** Whether requests are made as a node. */
    boolean asNode() {
        return session != null;
    }

    /**
     * Sends as the node, with a new session when the gateway asks for one, once; and once more when the line broke:
     * a connection that was kept may have died unnoticed. Only for what may arrive twice.
     *
     * @throws PortException.Unavailable those of the exchange; {@code link.unauthorized}
     */
    GatewayClient.Answer send(GatewayClient.Ask ask) throws InterruptedException {
        try {
            return sendAs(ask);
        } catch (PortException.Unavailable e) {
            if (!e.code().equals("link.unreachable")) {
                throw noticed(e);
            }
        }
        return sendOnce(ask);
    }

    /** As {@link #send}, but not again on a broken line. */
    GatewayClient.Answer sendOnce(GatewayClient.Ask ask) throws InterruptedException {
        try {
            return sendAs(ask);
        } catch (PortException.Unavailable e) {
            throw noticed(e);
        }
    }

    private PortException.Unavailable noticed(PortException.Unavailable failure) {
        switch (failure.code()) {
            case "link.unreachable", "link.untrusted", "link.timeout" -> lost.set(true);
            default -> {}
        }
        return failure;
    }

    private GatewayClient.Answer sendAs(GatewayClient.Ask ask) throws InterruptedException {
        NodeSession own = session;
        if (own == null) {
            return client.send(ask);
        }
        for (int attempt = 0; attempt < 2; attempt++) {
            NodeSession.Token token = own.current(ask.timeout());
            GatewayClient.Answer answer =
                    client.send(token.header().useText(value -> ask.with("Authorization", value)));
            if (answer.status() != 401) {
                return answer;
            }
            own.forget(token);
        }
        throw NodeSession.unauthorized(server());
    }

    /** The session for a request that is made elsewhere; empty for nobody. */
    Optional<NodeSession> session() {
        return Optional.ofNullable(session);
    }

    @Override
    public void close() {
        client.close();
    }
}

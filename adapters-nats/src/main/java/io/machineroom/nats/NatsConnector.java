package io.machineroom.nats;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.security.KeyRole;
import io.machineroom.ports.security.Keyring;
import io.machineroom.ports.transport.Endpoint;
import io.machineroom.ports.transport.Link;
import io.nats.client.AuthHandler;
import io.nats.client.Connection;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.IOException;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Makes one connection to one server. */
final class NatsConnector {
    /** What the broker we run takes as a line of the protocol, in bytes: the CONNECT line carries a user JWT. */
    static final int MAX_CONTROL_LINE = 64 * 1024;

    /**
     * Longest line about one message that this client writes or expects, in bytes; a stock server allows half of it.
     * The client keeps three times as many bytes for each connection.
     */
    private static final int MESSAGE_LINE = 8 * 1024;

    /** Each of the two buffers of a connection, in bytes: two TLS records. */
    private static final int BUFFER = 32 * 1024;

    private final Keyring keys;
    private final SSLContext context;
    private final JsonFormat json;
    private final Duration ackWait;

    NatsConnector(Keyring keys, SSLContext context, JsonFormat json, Duration ackWait) {
        this.keys = keys;
        this.context = HostCheckingContext.around(context);
        this.json = json;
        this.ackWait = ackWait;
    }

    /** Who we are there: the user's nkey, empty for nobody, and how to prove it. */
    private record Login(String user, @Nullable AuthHandler handler) {}

    Link connect(String server, Endpoint endpoint, Duration timeout) throws InterruptedException {
        Login login = login(endpoint.credentials());
        NatsEvents events = new NatsEvents(server);
        try {
            Connection connection = Nats.connect(options(server, endpoint, timeout, login, events));
            NatsRequests requests = new NatsRequests(connection, events);
            return new NatsLink(requests, new NatsLink.Place(server, login.user(), ackWait), json);
        } catch (IOException e) {
            throw NatsFaults.connecting(server, events.lastFault(e));
        }
    }

    private Options options(String server, Endpoint endpoint, Duration timeout, Login login, NatsEvents events) {
        Options.Builder options = new Options.Builder()
                .server(server)
                .connectionName(endpoint.clientName())
                .sslContext(context)
                // tries all addresses and keeps the name, which the check of the certificate needs
                .hostnameResolveMode(Options.HostnameResolveMode.HappyEyeballs)
                .ignoreDiscoveredServers()
                .maxReconnects(0)
                .connectionTimeout(timeout)
                .pingInterval(Duration.ofSeconds(20))
                .maxPingsOut(2)
                .maxControlLine(MESSAGE_LINE)
                .bufferSize(BUFFER)
                .reportNoResponders()
                .connectionListener(events)
                .errorListener(events);
        if (endpoint.credentials() instanceof Endpoint.Credentials.Node) {
            options.inboxPrefix("_INBOX." + login.user());
        }
        if (login.handler() != null) {
            options.authHandler(login.handler());
        }
        return options.build();
    }

    private Login login(Endpoint.Credentials credentials) {
        return switch (credentials) {
            case Endpoint.Credentials.Anonymous _ -> new Login("", null);
            case Endpoint.Credentials.Node node ->
                new Login(node.nodeKey(), signer(node.natsKey(), node.natsJwt().useText(String::toCharArray)));
            case Endpoint.Credentials.NatsUser user ->
                new Login(
                        nkey(user.natsKey()),
                        signer(user.natsKey(), user.natsJwt().useText(String::toCharArray)));
            case Endpoint.Credentials.NatsCredsFile file -> fromFile(file);
        };
    }

    private static Login fromFile(Endpoint.Credentials.NatsCredsFile file) {
        AuthHandler handler = file.content().use(Nats::staticCredentials);
        try {
            return new Login(new String(handler.getID()), handler);
        } catch (IllegalArgumentException | IllegalStateException | NullPointerException e) {
            // without the cause: its message may quote the file
            throw new PortException.Refused(
                    "link.credentials", "the NATS credentials file holds no user JWT and seed that belong together");
        }
    }

    private String nkey(KeyRole role) {
        return keys.publicNkey(role)
                .orElseThrow(() -> new PortException.Refused("key.missing", "there is no key '" + role.name() + "'"));
    }

    /** Signs where the key lives; the seed never comes here. */
    private AuthHandler signer(KeyRole role, char[] jwt) {
        char[] id = nkey(role).toCharArray();
        return new AuthHandler() {
            @Override
            public byte[] sign(byte[] nonce) {
                return keys.sign(role, nonce);
            }

            @Override
            public char[] getID() {
                return id.clone();
            }

            @Override
            public char[] getJWT() {
                return jwt.clone();
            }
        };
    }
}

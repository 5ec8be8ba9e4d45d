package io.machineroom.nats;

import io.machineroom.ports.PortException;
import io.machineroom.ports.replica.HostAddress;
import io.machineroom.ports.replica.HostLogin;
import io.machineroom.ports.replica.StreamHost;
import io.machineroom.ports.replica.StreamHosts;
import io.machineroom.ports.security.FileTls;
import io.nats.client.Connection;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Connections to NATS servers that others run. */
final class NatsHosts implements StreamHosts {
    private static final System.Logger LOG = System.getLogger(NatsHosts.class.getName());

    private final FileTls tls;
    private final Set<String> toldPlain = ConcurrentHashMap.newKeySet();

    NatsHosts(FileTls tls) {
        this.tls = tls;
    }

    @Override
    public StreamHost connect(HostAddress address) throws InterruptedException {
        HostAddress.Tls wanted = address.tls();
        SSLContext context = HostCheckingContext.around(tls.client(wanted.ca(), wanted.certificate(), wanted.key()));
        List<URI> urls = new ArrayList<>(address.urls());
        Collections.shuffle(urls);
        PortException.@Nullable Unavailable worst = null;
        long deadline = System.nanoTime() + address.connectTimeout().toNanos();
        for (int i = 0; i < urls.size(); i++) {
            // each gets its share of what is left, so that one black hole does not eat the time of the others
            long share = (deadline - System.nanoTime()) / (urls.size() - i);
            Duration time = Duration.ofNanos(Math.max(share, 100_000_000L));
            try {
                return connect(urls.get(i), address, context, time);
            } catch (PortException.Unavailable e) {
                worst = worst == null || worst.code().equals("link.unreachable") ? e : worst;
            }
        }
        throw worst == null ? new PortException.Unavailable("link.unreachable", "no server to connect to") : worst;
    }

    /** With TLS when the server has it; without only where that is allowed, and never with a password over a network. */
    private StreamHost connect(URI url, HostAddress address, SSLContext context, Duration time)
            throws InterruptedException {
        String host = url.getHost() + ":" + url.getPort();
        NatsEvents events = new NatsEvents(host);
        try {
            return open("tls://" + host, address, context, time, events);
        } catch (IOException e) {
            Exception fault = events.lastFault(e);
            boolean plain = url.getScheme().equals("nats") && !address.tls().required();
            if (!plain || !NatsFaults.offersNoTls(fault)) {
                throw NatsFaults.connecting(host, fault);
            }
        }
        if (isPassword(address.login()) && !isThisMachine(url.getHost())) {
            throw new PortException.Refused(
                    "link.plain-password",
                    host + " offers no TLS; a password or token is not sent without it: use a credentials file");
        }
        NatsEvents plain = new NatsEvents(host);
        try {
            StreamHost connected = open("nats://" + host, address, null, time, plain);
            tellPlain(host);
            return connected;
        } catch (IOException e) {
            throw NatsFaults.connecting(host, plain.lastFault(e));
        }
    }

    /** Once for a server: connections come and go, and the log is for what is new. */
    private void tellPlain(String host) {
        if (toldPlain.add(host)) {
            LOG.log(
                    Level.WARNING,
                    "{0} offers no TLS: messages cross the network readable, and nobody vouches for the server;"
                            + " give it a certificate and write tls:// in its URL",
                    host);
        }
    }

    private static boolean isPassword(HostLogin login) {
        return login instanceof HostLogin.UserPassword || login instanceof HostLogin.Token;
    }

    private static boolean isThisMachine(String host) {
        return host.equals("localhost") || host.startsWith("127.") || host.equals("[::1]");
    }

    private static StreamHost open(
            String server, HostAddress address, @Nullable SSLContext context, Duration time, NatsEvents events)
            throws IOException, InterruptedException {
        Options.Builder options = new Options.Builder()
                .server(server)
                .connectionName(address.clientName())
                .hostnameResolveMode(Options.HostnameResolveMode.HappyEyeballs)
                .ignoreDiscoveredServers()
                .maxReconnects(0)
                .noEcho()
                .connectionTimeout(time)
                .pingInterval(Duration.ofSeconds(20))
                .maxPingsOut(2)
                .reportNoResponders()
                .connectionListener(events)
                .errorListener(events);
        if (context != null) {
            options.sslContext(context);
            if (address.tls().first()) {
                options.tlsFirst();
            }
        }
        NatsLogins.apply(address.login(), options);
        Connection connection = Nats.connect(options.build());
        return new NatsHost(new NatsRequests(connection, events), server);
    }
}

package io.machineroom.app.simulation;

import io.machineroom.ports.PortException;
import io.machineroom.ports.gateway.Gateway;
import io.machineroom.ports.security.TlsContexts;
import io.machineroom.ports.security.TrustPolicy;
import io.machineroom.ports.sim.SimGateway;
import io.machineroom.ports.sim.SimNetwork;
import io.machineroom.ports.sim.SimNode;
import io.machineroom.ports.sim.SimTasks;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/** HTTPS between simulated hosts: a request runs as a task of the process that serves it, and dies with that. */
final class SimulatedWeb implements TlsContexts {
    /** Behind the name of a host: its HTTPS only. */
    static final String DOOR = "/web";

    private final SimTasks sim;
    private final SimNetwork network;
    private final Map<String, Door> doors = new HashMap<>();
    private final Map<SSLContext, TrustPolicy> policies = new WeakHashMap<>();
    private Lie lie = Lie.NONE;

    SimulatedWeb(SimTasks sim, SimNetwork network) {
        this.sim = sim;
        this.network = network;
    }

    /** How archives are spoilt on their way. */
    enum Lie {
        NONE,
        WRONG_BYTES,
        TRUNCATED,
        UNAVAILABLE,
        ENDLESS
    }

    private record Door(SimGateway gateway, SimNode process, String pin) {}

    /** From now on that process serves at the host; the one before does not. */
    void open(String host, SimGateway gateway, SimNode process, String pin) {
        doors.put(host, new Door(gateway, process, pin));
    }

    void close(String host) {
        doors.remove(host);
    }

    void lie(Lie how) {
        lie = how;
    }

    /** A request as it left the client. */
    record Asked(URI url, String method, Map<String, String> headers, byte[] body, Duration timeout) {}

    /** How the way to a host's HTTPS is called in the network: a leader has another one for its broker. */
    private String way(String from, String name) {
        String host = network.resolve(from, name);
        return host.equals(name) ? host : host + DOOR;
    }

    /** Sends; the task of the caller waits. */
    Gateway.Response send(String from, Asked asked, SSLContext tls) throws IOException, InterruptedException {
        String host = asked.url().getHost();
        try {
            Gateway.Response answer = network.relay(
                    from,
                    way(from, host),
                    asked.timeout(),
                    () -> doors.containsKey(host),
                    left -> serve(host, asked, tls, left));
            if (answer.status() == 0) {
                throw new SSLHandshakeException("untrusted") {
                    private static final long serialVersionUID = 1L;

                    @Override
                    public synchronized Throwable getCause() {
                        return new CertificateException("another certificate");
                    }
                };
            }
            return answer;
        } catch (SimNetwork.UnansweredException e) {
            throw e.cut() ? new ConnectException("no way to " + host) : new HttpTimeoutException("no answer");
        } catch (PortException.Unavailable nobody) {
            throw new ConnectException(String.valueOf(nobody.getMessage()));
        }
    }

    private Gateway.Response serve(String host, Asked asked, SSLContext tls, Duration left)
            throws InterruptedException, SimNetwork.UnansweredException {
        Door door = doors.get(host);
        if (door == null) {
            throw new PortException.Unavailable("link.unreachable", "nobody is there");
        }
        TrustPolicy policy = policies.get(tls);
        if (policy != null && !policy.pins().isEmpty() && !policy.pins().contains(door.pin())) {
            return Gateway.Response.empty(0);
        }
        String target = asked.url().getRawPath()
                + (asked.url().getRawQuery() == null ? "" : "?" + asked.url().getRawQuery());
        Gateway.Response[] answer = new Gateway.Response[1];
        io.machineroom.ports.runtime.Tasks.Task request = door.process().fork("request", () -> {
            Gateway.Response made =
                    door.gateway().exchange(asked.url(), asked.method(), target, asked.headers(), asked.body());
            answer[0] = made;
        });
        boolean ended = request.join(left.isNegative() ? Duration.ZERO : left);
        Gateway.Response made = answer[0];
        if (!ended) {
            throw new SimNetwork.UnansweredException(false);
        }
        if (made == null) {
            throw new PortException.Unavailable("link.unreachable", "the server is gone");
        }
        sim.note(asked.method());
        sim.note(target);
        sim.note(Integer.toString(made.status()));
        return target.startsWith("/v1/artifacts/") ? spoilt(made) : made;
    }

    private Gateway.Response spoilt(Gateway.Response honest) {
        byte[] body = honest.body();
        return switch (lie) {
            case NONE -> honest;
            case WRONG_BYTES -> {
                byte[] wrong = body.clone();
                for (int i = 0; i < wrong.length; i += 50) {
                    wrong[i] ^= 0x55;
                }
                yield new Gateway.Response(honest.status(), honest.headers(), wrong, null);
            }
            case TRUNCATED ->
                new Gateway.Response(honest.status(), honest.headers(), Arrays.copyOf(body, body.length / 2), null);
            case UNAVAILABLE -> Gateway.Response.empty(503);
            case ENDLESS -> {
                Map<String, String> headers = new HashMap<>(honest.headers());
                headers.remove("content-length");
                yield new Gateway.Response(honest.status(), headers, new byte[8 << 20], null);
            }
        };
    }

    @Override
    public SSLContext client(TrustPolicy policy) {
        SSLContext context = context();
        policies.put(context, policy);
        return context;
    }

    @Override
    public SSLContext server(Path certificateChain, Path privateKey) {
        return context();
    }

    private static SSLContext context() {
        try {
            return SSLContext.getInstance("TLS");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What the client of a host was given as trust; for looking at it. */
    Optional<TrustPolicy> policy(@Nullable SSLContext context) {
        return Optional.ofNullable(policies.get(context));
    }
}

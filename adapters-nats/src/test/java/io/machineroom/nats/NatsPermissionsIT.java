package io.machineroom.nats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.broker.BrokerAuthority.UserGrant;
import io.machineroom.ports.security.KeyRole;
import io.nats.client.Connection;
import io.nats.client.ErrorListener;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.Subscription;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a real server makes of grants that allow nothing. */
final class NatsPermissionsIT {
    private static final byte[] HELLO = "hello".getBytes(StandardCharsets.UTF_8);

    private final LinkedBlockingQueue<String> errors = new LinkedBlockingQueue<>();
    private final List<Connection> users = new ArrayList<>();
    private TestSaas saas;
    private Connection owner;

    @BeforeEach
    void start() throws InterruptedException {
        saas = TestSaas.start();
        owner = saas.raw(TestSaas.ACME);
    }

    @AfterEach
    void stop() throws InterruptedException {
        if (saas != null) {
            for (Connection user : users) {
                user.close();
            }
            owner.close();
            saas.close();
        }
    }

    private Connection user(List<String> publish, List<String> subscribe) throws IOException, InterruptedException {
        KeyRole role = saas.nodeKey("mute");
        String jwt = saas.authority.user(
                saas.keys, TestSaas.ACME, new UserGrant(saas.nkey(role), "mute", publish, subscribe, null));
        Connection connection = Nats.connect(new Options.Builder()
                .server(saas.url().toString())
                .sslContext(saas.certificates.client(saas.trust()))
                .authHandler(
                        Nats.staticCredentials(saas.authority.credentials(jwt, saas.keys.seedForCredentials(role))))
                .errorListener(new ErrorListener() {
                    @Override
                    public void errorOccurred(Connection connection, String error) {
                        errors.add(error);
                    }
                })
                .build());
        users.add(connection);
        return connection;
    }

    private String next() throws InterruptedException {
        String error = errors.poll(10, TimeUnit.SECONDS);
        return error == null ? "nothing" : error;
    }

    private void isDenied(String what, String subject) throws InterruptedException {
        String error = next();
        assertTrue(
                error.startsWith("Permissions Violation for " + what) && error.contains("\"" + subject + "\""), error);
    }

    private boolean hears(Subscription listener) throws InterruptedException {
        return listener.nextMessage(Duration.ofSeconds(5)) != null;
    }

    @Test
    void acl04AUserWithoutAllowancesMayDoNothing() throws IOException, InterruptedException {
        Subscription all = owner.subscribe(">");
        TestSaas.flush(owner);
        Connection mute = user(List.of(), List.of());
        for (String subject : List.of("choria.lifecycle.event.alive.server", "a", "$JS.API.INFO", "mr.UX.a")) {
            mute.publish(subject, HELLO);
            isDenied("Publish", subject);
        }
        for (String subject : List.of(">", "a", "choria.broadcast.agent.>")) {
            mute.subscribe(subject);
            isDenied("Subscription", subject);
        }
        owner.publish("a", HELLO);
        assertTrue(hears(all), "its own message");
        assertNull(all.nextMessage(Duration.ofMillis(300)), "nothing of the other one");
        assertEquals(List.of(), List.copyOf(errors));
    }

    @Test
    void acl04AnEmptyListDeniesThatDirectionOnly() throws IOException, InterruptedException {
        Subscription all = owner.subscribe("a");
        TestSaas.flush(owner);
        Connection speaks = user(List.of("a"), List.of());
        speaks.publish("a", HELLO);
        assertTrue(hears(all));
        speaks.subscribe("a");
        isDenied("Subscription", "a");
        Connection listens = user(List.of(), List.of("a"));
        Subscription heard = listens.subscribe("a");
        TestSaas.flush(listens);
        owner.publish("a", HELLO);
        assertTrue(hears(heard));
        listens.publish("a", HELLO);
        isDenied("Publish", "a");
    }
}

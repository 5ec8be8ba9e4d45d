package io.machineroom.domain.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.domain.flow.Way;
import io.machineroom.domain.provisioning.Enrolment;
import io.machineroom.domain.provisioning.SiteBroker;
import io.machineroom.ports.PortException;
import io.machineroom.ports.broker.BrokerCluster;
import io.machineroom.ports.data.Secret;
import io.machineroom.ports.transport.Endpoint;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** An enrolment that is renewed while the agent runs. */
final class AgentRenewalTest extends AgentFixture {
    private String tokenExpires(AgentLifecycle agent) {
        return agent.status().text("token_expires").orElse("");
    }

    @Test
    void renewsItsTokenBeforeItExpiresWithoutDisturbingWhatRuns() {
        enroller.tokenLife(Duration.ofHours(20));
        AgentLifecycle agent = agent();
        start(agent);
        assertTrue(tasks.runUntil(() -> !ready.isEmpty(), SOON));
        String first = tokenExpires(agent);
        tasks.advance(Duration.ofHours(13));
        assertEquals(0, enroller.renewals(), "more than a third is left");
        tasks.advance(Duration.ofHours(10));
        assertEquals(1, enroller.renewals());
        assertTrue(tokenExpires(agent).compareTo(first) > 0, first + " then " + tokenExpires(agent));
        assertEquals(1, ready.size(), "it was started anew");
        assertTrue(json("etc/agent/enrolment.json").text("content").isEmpty());
        AgentLifecycle next = restarted(agent);
        assertTrue(tokenExpires(next).compareTo(first) > 0, "the renewed one was not kept");
    }

    /** What changed at the backplane is known a day and a half later, whatever life the token has left. */
    @Test
    void asksOnceADayWhatTheBackplaneThinksOfIt() {
        start(agent());
        assertTrue(tasks.runUntil(() -> !ready.isEmpty(), SOON));
        tasks.advance(Duration.ofHours(23));
        assertEquals(0, enroller.renewals());
        tasks.advance(Duration.ofHours(11));
        assertEquals(1, enroller.renewals());
        tasks.advance(Duration.ofDays(3));
        assertTrue(
                enroller.renewals() >= 3 && enroller.renewals() <= 5, enroller.renewals() + " in four and a half days");
        assertEquals(1, ready.size(), "nothing changed, and it was started anew");
        enroller.gateways(List.of("https://moved.example:8443"));
        assertTrue(tasks.runUntil(() -> ready.size() == 2, Duration.ofHours(34)));
    }

    @Test
    void asksSoonAfterAStart() {
        AgentLifecycle agent = agent();
        start(agent);
        assertTrue(tasks.runUntil(() -> !ready.isEmpty(), SOON));
        tasks.advance(Duration.ofMinutes(20));
        assertEquals(0, enroller.renewals(), "it was enrolled just now");
        tasks.advance(Duration.ofHours(2));
        restarted(agent);
        tasks.advance(Duration.ofMinutes(16));
        assertEquals(1, enroller.renewals());
    }

    private AgentLifecycle restarted(AgentLifecycle agent) {
        agent.stop(Duration.ofSeconds(10));
        assertTrue(tasks.runUntil(() -> !exits.isEmpty(), Duration.ofSeconds(12)));
        AgentLifecycle next = agent();
        start(next);
        tasks.advance(Duration.ofSeconds(30));
        return next;
    }

    @Test
    void takesOtherServersOnThatARenewalBrings() {
        enroller.tokenLife(Duration.ofHours(30));
        start(agent());
        assertTrue(tasks.runUntil(() -> !ready.isEmpty(), SOON));
        enroller.gateways(List.of("https://moved.example:8443"));
        assertTrue(tasks.runUntil(() -> ready.size() == 2, Duration.ofHours(30)));
        assertEquals(
                "moved.example",
                ready.getLast().enrolment().httpsUrls().getFirst().getHost());
    }

    @Test
    void asksAgainWhenARenewalIsRefusedAndGoesOnWithAnExpiredToken() {
        enroller.tokenLife(Duration.ofHours(6));
        AgentLifecycle agent = agent();
        start(agent);
        assertTrue(tasks.runUntil(() -> !ready.isEmpty(), SOON));
        String first = tokenExpires(agent);
        int before = saas.stored().size();
        enroller.fails(new PortException.Unavailable("enrol.issuer", "the issuer has expired"));
        tasks.advance(Duration.ofHours(24));
        assertEquals(first, tokenExpires(agent));
        assertTrue(saas.stored().size() > before, "an expired token stopped the events");
        enroller.fails(null);
        tasks.advance(Duration.ofHours(10));
        assertTrue(tokenExpires(agent).compareTo(first) > 0);
    }

    private static Enrolment withToken(Enrolment old, String natsJwt) {
        return new Enrolment(
                old.identity(),
                old.publicKey(),
                old.nodeKey(),
                old.customer(),
                old.site(),
                old.serverJwt(),
                old.configuration(),
                old.receiptKey(),
                old.listSerial(),
                Secret.of(natsJwt),
                old.natsUrls(),
                old.httpsUrls(),
                old.caPins(),
                old.issued(),
                old.siteBroker());
    }

    private static Enrolment withSite(Enrolment old, String user, Optional<BrokerCluster> cluster) {
        return new Enrolment(
                old.identity(),
                old.publicKey(),
                old.nodeKey(),
                old.customer(),
                old.site(),
                old.serverJwt(),
                old.configuration(),
                old.receiptKey(),
                old.listSerial(),
                old.natsJwt(),
                old.natsUrls(),
                old.httpsUrls(),
                old.caPins(),
                old.issued(),
                Optional.of(new SiteBroker(
                        "leader.north", 9222, 9223, "operator", "ASYS", List.of(), Secret.of(user), cluster)));
    }

    /** A leader that gets standbys, or loses them, starts its site anew. */
    @Test
    void w37StandbysAreMoreThanFreshTokens() {
        start(agent());
        assertTrue(tasks.runUntil(() -> !ready.isEmpty(), SOON));
        Enrolment plain = ready.getFirst().enrolment();
        Optional<BrokerCluster> three = Optional.of(new BrokerCluster(
                "acme-north",
                1,
                9224,
                "route",
                Secret.of("ab".repeat(32)),
                List.of(new BrokerCluster.Route(1, "leader.north", 9224))));
        Enrolment one = withSite(plain, "user", Optional.empty());
        assertFalse(one.differsInTokensOnly(withSite(plain, "user", three)));
        assertFalse(withSite(plain, "user", three).differsInTokensOnly(one));
        assertTrue(withSite(plain, "user", three).differsInTokensOnly(withSite(plain, "fresh", three)));
    }

    private static String token(Way way) {
        return ((Endpoint.Credentials.Node) way.endpoint().get().credentials())
                .natsJwt()
                .useText(text -> text);
    }

    /** A leader's token ends after 90 days: the connection that is made then is made with the renewed one. */
    @Test
    void streamsW31TheNextConnectionHasTheRenewedToken() {
        start(agent());
        assertTrue(tasks.runUntil(() -> !ready.isEmpty(), SOON));
        Enrolment first = withToken(ready.getFirst().enrolment(), "first");
        CurrentEnrolment current = new CurrentEnrolment(first);
        Way way = Ways.of(current, settings(), ports()).getFirst();
        assertEquals("first", token(way));
        Enrolment next = withToken(first, "second");
        assertTrue(first.differsInTokensOnly(next));
        current.renewed(next);
        assertEquals("second", token(way));
    }
}

package io.machineroom.nats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.broker.BrokerAuthority;
import io.machineroom.ports.contract.BrokerAuthorityContract;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.security.KeyRole;
import io.machineroom.ports.security.Keyring;
import io.machineroom.ports.sim.SimEntropy;
import io.machineroom.ports.sim.SimJson;
import io.machineroom.ports.sim.SimKeyring;
import io.machineroom.ports.sim.SimSignatures;
import io.machineroom.ports.sim.SimTasks;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class NatsAuthorityTest extends BrokerAuthorityContract {
    private final SimKeyring keys = new SimKeyring(new SimEntropy(2));
    private final NatsAuthority authority = new NatsAuthority(new SimJson(), new SimTasks(1).time());

    @Override
    protected BrokerAuthority authority() {
        return authority;
    }

    @Override
    protected Keyring keys() {
        return keys;
    }

    private String nkey(KeyRole role) {
        keys.ensure(role);
        return keys.publicNkey(role).orElseThrow();
    }

    private static Value.Obj part(String jwt, int index) {
        byte[] json = Base64.getUrlDecoder().decode(jwt.split("\\.")[index]);
        return (Value.Obj) new SimJson().read(json);
    }

    private boolean signedBy(KeyRole role, String jwt) {
        int dot = jwt.lastIndexOf('.');
        return new SimSignatures()
                .verify(
                        keys.publicKey(role).orElseThrow(),
                        jwt.substring(0, dot).getBytes(StandardCharsets.US_ASCII),
                        Base64.getUrlDecoder().decode(jwt.substring(dot + 1)));
    }

    @Test
    void signsTheOperatorByItself() {
        String jwt = authority.operator(keys, OPERATOR, "vendor", nkey(OPERATOR).replaceFirst("O", "A"));
        assertEquals(Value.obj("typ", Value.text("JWT"), "alg", Value.text("ed25519-nkey")), part(jwt, 0));
        assertTrue(signedBy(OPERATOR, jwt));
        Value.Obj claims = part(jwt, 1);
        assertEquals(claims.text("iss"), claims.text("sub"));
        assertEquals(Optional.of("operator"), claims.obj("nats").orElseThrow().text("type"));
        assertEquals(Optional.of(2L), claims.obj("nats").orElseThrow().whole("version"));
        assertEquals(52, claims.text("jti").orElseThrow().length());
        assertEquals(Optional.of(SimTasks.START.getEpochSecond()), claims.whole("iat"));
    }

    @Test
    void boundsTheStoreOfAnAccount() {
        nkey(OPERATOR);
        String jwt = authority.account(keys, OPERATOR, nkey(ACCOUNT), "acme", true, 1_000_000);
        assertTrue(signedBy(OPERATOR, jwt));
        Value.Obj limits = part(jwt, 1).obj("nats").orElseThrow().obj("limits").orElseThrow();
        assertEquals(Optional.of(1_000_000L), limits.whole("disk_storage"));
        String plain = authority.account(keys, OPERATOR, nkey(SYSTEM), "SYS", false, 0);
        Value.Obj none = part(plain, 1).obj("nats").orElseThrow().obj("limits").orElseThrow();
        assertEquals(Optional.empty(), none.whole("disk_storage"));
    }

    @Test
    void w37AnAccountNamesThoseWhoseTokensCountNoMore() {
        nkey(OPERATOR);
        String user = nkey(KeyRole.NATS_USER);
        var grant = new BrokerAuthority.AccountGrant(
                nkey(ACCOUNT), "acme", true, 0, Map.of(user, Instant.ofEpochSecond(1_800_000_000L)));
        String jwt = authority.account(keys, OPERATOR, grant);
        assertTrue(signedBy(OPERATOR, jwt));
        Value.Obj revoked =
                part(jwt, 1).obj("nats").orElseThrow().obj("revocations").orElseThrow();
        assertEquals(Value.obj(user, Value.num(1_800_000_000L)), revoked);
        String open = authority.account(keys, OPERATOR, nkey(ACCOUNT), "acme", true, 0);
        assertTrue(part(open, 1).obj("nats").orElseThrow().obj("revocations").isEmpty());
    }

    /** Submissions need no right of their own: they travel in the node's own name, and into no collective. */
    @Test
    void acl02SubmissionsTravelInTheNodesOwnNameOnly() {
        String node = nkey(KeyRole.NATS_USER);
        var grants = List.of(
                authority.nodeGrant(node, "n1", null),
                authority.followerGrant(node, "n1", null),
                authority.leaderGrant(node, "n1", "berlin", null));
        for (BrokerAuthority.UserGrant grant : grants) {
            assertTrue(grant.publish().contains("mr." + node + ".>"), grant::toString);
            assertTrue(
                    grant.publish().stream().noneMatch(s -> s.contains("submission") || s.equals(">")),
                    grant::toString);
            assertTrue(
                    grant.publish().stream()
                            .filter(s -> s.startsWith("mr.") || s.startsWith("mu."))
                            .allMatch(s -> s.split("\\.")[1].equals(node)),
                    grant::toString);
            assertTrue(
                    grant.subscribe().stream().noneMatch(s -> s.equals(">") || s.equals("_INBOX.>")), grant::toString);
        }
    }

    /** NATS takes an empty list for everything: each direction without rights is denied by itself. */
    @Test
    void acl04AnEmptyListOfOneDirectionDeniesThatDirection() {
        nkey(ACCOUNT);
        String user = nkey(KeyRole.NATS_USER);
        Value.Obj hears = part(
                        authority.user(
                                keys,
                                ACCOUNT,
                                new BrokerAuthority.UserGrant(user, "n", List.of(), List.of("a"), Instant.EPOCH)),
                        1)
                .obj("nats")
                .orElseThrow();
        assertEquals(List.of(">"), hears.obj("pub").orElseThrow().texts("deny"));
        assertEquals(List.of("a"), hears.obj("sub").orElseThrow().texts("allow"));
        Value.Obj speaks = part(
                        authority.user(
                                keys,
                                ACCOUNT,
                                new BrokerAuthority.UserGrant(user, "n", List.of("a"), List.of(), Instant.EPOCH)),
                        1)
                .obj("nats")
                .orElseThrow();
        assertEquals(List.of("a"), speaks.obj("pub").orElseThrow().texts("allow"));
        assertEquals(List.of(">"), speaks.obj("sub").orElseThrow().texts("deny"));
    }

    @Test
    void acl04DeniesAllToAUserWithoutAllowances() {
        nkey(ACCOUNT);
        String jwt = authority.user(
                keys,
                ACCOUNT,
                new BrokerAuthority.UserGrant(nkey(KeyRole.NATS_USER), "mute", List.of(), List.of(), Instant.EPOCH));
        Value.Obj nats = part(jwt, 1).obj("nats").orElseThrow();
        assertEquals(List.of(">"), nats.obj("pub").orElseThrow().texts("deny"));
        assertEquals(List.of(">"), nats.obj("sub").orElseThrow().texts("deny"));
        assertEquals(Optional.of(0L), part(jwt, 1).whole("exp"));
    }

    @Test
    void spellsBase32AsRfc4648WithoutPadding() {
        assertEquals("", NatsJwt.base32(new byte[0]));
        assertEquals("MY", NatsJwt.base32("f".getBytes(StandardCharsets.US_ASCII)));
        assertEquals("MZXW6YTBOI", NatsJwt.base32("foobar".getBytes(StandardCharsets.US_ASCII)));
        assertEquals("7777777777777776", NatsJwt.base32(new byte[] {-1, -1, -1, -1, -1, -1, -1, -1, -1, -2}));
    }
}

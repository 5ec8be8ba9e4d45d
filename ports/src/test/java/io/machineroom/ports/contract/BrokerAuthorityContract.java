package io.machineroom.ports.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import io.machineroom.ports.broker.BrokerAuthority;
import io.machineroom.ports.kv.BucketSpec;
import io.machineroom.ports.security.KeyRole;
import io.machineroom.ports.security.Keyring;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What {@link BrokerAuthority} promises. */
public abstract class BrokerAuthorityContract {
    protected static final KeyRole OPERATOR = new KeyRole("operator", KeyRole.Form.NKEY_OPERATOR);
    protected static final KeyRole SYSTEM = new KeyRole("system", KeyRole.Form.NKEY_ACCOUNT);
    protected static final KeyRole ACCOUNT = new KeyRole("account", KeyRole.Form.NKEY_ACCOUNT);

    protected abstract BrokerAuthority authority();

    protected abstract Keyring keys();

    private String nkey(KeyRole role) {
        keys().ensure(role);
        return keys().publicNkey(role).orElseThrow();
    }

    private static List<String> withoutElections(List<String> subjects) {
        return subjects.stream().filter(s -> !s.contains(BucketSpec.ELECTIONS)).toList();
    }

    private static List<String> elections(List<String> subjects) {
        return subjects.stream().filter(s -> s.contains(BucketSpec.ELECTIONS)).toList();
    }

    @Test
    void letsEveryNodeTakePartInElectionsAndNoMore() {
        String node = nkey(KeyRole.NATS_USER);
        for (BrokerAuthority.UserGrant grant : List.of(
                authority().nodeGrant(node, "n1", null),
                authority().followerGrant(node, "n1", null),
                authority().leaderGrant(node, "n1", "plant", null))) {
            assertEquals(
                    List.of(
                            "$KV.CHORIA_LEADER_ELECTION.>",
                            "$JS.API.DIRECT.GET.KV_CHORIA_LEADER_ELECTION",
                            "$JS.API.DIRECT.GET.KV_CHORIA_LEADER_ELECTION.$KV.CHORIA_LEADER_ELECTION.>",
                            "$JS.API.STREAM.INFO.KV_CHORIA_LEADER_ELECTION"),
                    elections(grant.publish()));
            assertEquals(List.of("$KV.CHORIA_LEADER_ELECTION.>"), elections(grant.subscribe()));
        }
    }

    @Test
    void letsANodeActOnlyAsItself() {
        String node = nkey(KeyRole.NATS_USER);
        BrokerAuthority.UserGrant grant = authority().nodeGrant(node, "n1.example.net", null);
        assertEquals(node, grant.userNkey());
        assertEquals("n1.example.net", grant.name());
        assertEquals(
                Set.of(
                        "mr." + node + ".>",
                        "mu." + node + ".>",
                        "$JS.API.DIRECT.GET.KV_CONFIG",
                        "$JS.API.DIRECT.GET.KV_CONFIG.$KV.CONFIG.>",
                        "choria.governor.*",
                        "choria.gossip.>",
                        "$KV.CHORIA_SERVICES.>",
                        "$JS.API.STREAM.NAMES",
                        "$JS.API.STREAM.INFO.*",
                        "$JS.API.STREAM.MSG.DELETE.*"),
                Set.copyOf(withoutElections(grant.publish())));
        assertEquals(
                Set.of("_INBOX." + node + ".>", "machine_room.receipt." + node, "$KV.CONFIG.>", "choria.republish.>"),
                Set.copyOf(withoutElections(grant.subscribe())));
        for (String stream :
                List.of("MR_INTAKE", "MR_URGENT", "KV_CONFIG", "KV_CHORIA_LEADER_ELECTION", "KV_CHORIA_SERVICES")) {
            assertTrue(grant.denied().contains("$JS.API.STREAM.MSG.DELETE." + stream), stream);
        }
        assertTrue(grant.denied().contains("$JS.API.STREAM.INFO.MR_INTAKE"));
        assertEquals(Optional.empty(), Optional.ofNullable(grant.expires()));
    }

    @Test
    void letsALeaderSpeakForItsSiteOnly() {
        String node = nkey(KeyRole.NATS_USER);
        Instant end = Instant.parse("2027-01-01T00:00:00Z");
        BrokerAuthority.UserGrant grant = authority().leaderGrant(node, "n1", "plant", end);
        BrokerAuthority.UserGrant lone = authority().nodeGrant(node, "n1", end);
        assertEquals(and(lone.publish(), "ms.plant.>"), Set.copyOf(grant.publish()));
        assertEquals(lone.denied(), grant.denied());
        assertEquals(and(lone.subscribe(), "machine_room.site_receipt.plant.>"), Set.copyOf(grant.subscribe()));
        assertEquals(end, grant.expires());
        for (String bad : List.of("", "*", ">", "a.b", "a b", "*.>")) {
            assertThrows(IllegalArgumentException.class, () -> authority().leaderGrant(node, "n1", bad, null));
        }
    }

    @Test
    void letsAFollowerActAsItselfAndHearOfTheLine() {
        String node = nkey(KeyRole.NATS_USER);
        BrokerAuthority.UserGrant grant = authority().followerGrant(node, "n1", null);
        BrokerAuthority.UserGrant lone = authority().nodeGrant(node, "n1", null);
        assertEquals(lone.publish(), grant.publish());
        assertEquals(lone.denied(), grant.denied());
        assertEquals(and(lone.subscribe(), "machine_room.site.uplink"), Set.copyOf(grant.subscribe()));
    }

    private static Set<String> and(List<String> all, String one) {
        return java.util.stream.Stream.concat(all.stream(), java.util.stream.Stream.of(one))
                .collect(java.util.stream.Collectors.toSet());
    }

    @Test
    void keepsTheExpiryOfANode() {
        Instant end = Instant.parse("2027-01-01T00:00:00Z");
        assertEquals(
                end, authority().nodeGrant(nkey(KeyRole.NATS_USER), "n1", end).expires());
    }

    @Test
    void makesTokensOfOneLineWithoutSeeds() {
        String system = nkey(SYSTEM);
        String account = nkey(ACCOUNT);
        String user = nkey(KeyRole.NATS_USER);
        nkey(OPERATOR);
        List<String> tokens = List.of(
                authority().operator(keys(), OPERATOR, "vendor", system),
                authority().account(keys(), OPERATOR, account, "acme", true, 1 << 30),
                authority().account(keys(), OPERATOR, system, "SYS", false, 0),
                authority().user(keys(), ACCOUNT, authority().nodeGrant(user, "n1", null)));
        assertEquals(4, tokens.stream().distinct().count());
        for (String token : tokens) {
            assertTrue(token.lines().count() == 1 && !token.isBlank(), token);
            for (KeyRole role : List.of(OPERATOR, SYSTEM, ACCOUNT, KeyRole.NATS_USER)) {
                assertFalse(keys().seedForCredentials(role).useText(token::contains));
            }
        }
    }

    @Test
    void signsForWhoIsRevoked() {
        nkey(OPERATOR);
        String account = nkey(ACCOUNT);
        String user = nkey(KeyRole.NATS_USER);
        String open = authority().account(keys(), OPERATOR, account, "acme", true, 0);
        String closed = authority()
                .account(
                        keys(),
                        OPERATOR,
                        new BrokerAuthority.AccountGrant(account, "acme", true, 0, Map.of(user, Instant.EPOCH)));
        assertNotEquals(open, closed);
        assertTrue(closed.lines().count() == 1 && !closed.isBlank(), closed);
    }

    @Test
    void signsForWhatAUserMayDo() {
        nkey(ACCOUNT);
        String user = nkey(KeyRole.NATS_USER);
        String narrow = authority().user(keys(), ACCOUNT, authority().nodeGrant(user, "n1", null));
        String wide = authority()
                .user(keys(), ACCOUNT, new BrokerAuthority.UserGrant(user, "n1", List.of(">"), List.of(">"), null));
        assertNotEquals(narrow, wide);
    }

    @Test
    void needsTheKeyThatSigns() {
        String user = nkey(KeyRole.NATS_USER);
        KeyRole nobody = new KeyRole("nobody", KeyRole.Form.NKEY_ACCOUNT);
        PortException.Refused refused = assertThrows(
                PortException.Refused.class,
                () -> authority().user(keys(), nobody, authority().nodeGrant(user, "n1", null)));
        assertEquals("key.missing", refused.code());
    }

    @Test
    void writesCredentialsThatToolsRead() {
        nkey(ACCOUNT);
        String jwt = authority().user(keys(), ACCOUNT, authority().nodeGrant(nkey(KeyRole.NATS_USER), "n1", null));
        String text = new String(
                authority().credentials(jwt, keys().seedForCredentials(KeyRole.NATS_USER)), StandardCharsets.US_ASCII);
        List<String> lines = text.lines().toList();
        assertEquals("-----BEGIN NATS USER JWT-----", lines.get(0));
        assertEquals(jwt, lines.get(1));
        assertEquals("------END NATS USER JWT------", lines.get(2));
        int seed = lines.indexOf("-----BEGIN USER NKEY SEED-----");
        assertTrue(keys().seedForCredentials(KeyRole.NATS_USER).useText(lines.get(seed + 1)::equals));
        assertEquals("------END USER NKEY SEED------", lines.get(seed + 2));
        assertEquals("*************************************************************", lines.getLast());
    }
}

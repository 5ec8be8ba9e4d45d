package io.machineroom.app.backplane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.data.Value;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Sites as the operator's commands change them, and what nodes are told of it. */
final class SiteCommandsIT extends SiteStage {
    @Test
    void changesSitesWhileItRunsAndWhileItIsStopped() throws Exception {
        add("acme", "plant", "boss", 9222);
        TestNode boss = enrolled("acme", "plant", "boss");
        TestNode heir = enrolled("acme", "plant", "heir");
        assertEquals(77, backplane.exitOf(site("leader", "acme", "hall", "x")));
        String doubt = "backplane: warning: 'late' is not enrolled";
        assertTrue(backplane
                .complaintOf(0, site("leader", "acme", "plant", "late"))
                .startsWith(doubt));
        assertEquals("", backplane.complaintOf(0, site("leader", "acme", "plant", "heir")));
        boss.renew();
        heir.renew();
        assertEquals("follower", setting(boss, "machine_room.role"));
        assertEquals("leader", setting(heir, "machine_room.role"));
        assertEquals(
                Optional.of("site.not-leader"),
                boss.inSession("/v1/site/certificate", Value.obj("request", Value.text("x")))
                        .text("code"));
        backplane.stop();
        add("bolt", "hall", "b1", 9222);
        assertTrue(backplane
                .complaintOf(0, site("leader", "acme", "plant", "late"))
                .startsWith(doubt));
        backplane.command(site("leader", "acme", "plant", "boss"));
        assertEquals(77, backplane.exitOf(site("remove", "acme", "hall")));
        List<Value.Obj> listed = backplane.documents(site("list", "--json"));
        assertEquals(
                List.of("acme/plant boss 127.0.0.1:9222 9223", "bolt/hall b1 127.0.0.1:9222 9223"),
                listed.stream().map(SiteCommandsIT::row).toList());
        assertNotEquals(listed.get(0).text("ca_pin"), listed.get(1).text("ca_pin"));
        backplane.start();
        boss.renew();
        assertEquals("leader", setting(boss, "machine_room.role"));
        backplane.command(site("remove", "acme", "plant"));
        assertEquals(1, backplane.command(site("list")).lines().count());
        boss.renew();
        assertTrue(boss.answer().obj("site_broker").isEmpty());
        assertEquals(backplane.brokers(), boss.answer().texts("nats_urls"));
    }

    private static String row(Value.Obj site) {
        return site.text("customer").orElse("") + "/" + site.text("site").orElse("") + " "
                + site.text("leader").orElse("") + " "
                + site.text("host").orElse("") + ":" + site.whole("port").orElse(0L) + " "
                + site.whole("gateway_port").orElse(0L);
    }

    @Test
    void w37RegistersTwoStandbysWhileItRunsAndWhileItIsStopped() throws Exception {
        add("acme", "plant", "boss", "plant.example", 9222);
        TestNode two = enrolled("acme", "plant", "two");
        assertEquals("follower", setting(two, "machine_room.role"));
        namesThem();
        two.renew();
        assertEquals("leader", setting(two, "machine_room.role"));
        Value.Obj cluster =
                two.answer().obj("site_broker").orElseThrow().obj("cluster").orElseThrow();
        assertEquals(Optional.of("acme-plant"), cluster.text("name"));
        assertEquals(Optional.of(2L), cluster.whole("member"));
        assertEquals(Optional.of(9224L), cluster.whole("route_port"));
        assertTrue(cluster.text("password").orElseThrow().matches("[0-9a-f]{64}"));
        Value.Obj listed = backplane.documents(site("list", "--json")).getFirst();
        assertEquals(Optional.of(9300L), listed.whole("route_port"));
        assertTrue(listed.toString().contains("2001:db8::3"), listed::toString);
        assertEquals(3, backplane.command(site("list")).lines().count());
        List<Value.Obj> nodes = backplane.documents("nodes", "--state", backplane.state.toString(), "--json");
        assertEquals(Optional.of("standby"), nodes.getFirst().text("role"));
        backplane.stop();
        backplane.command(site("leader", "acme", "plant", "four", "--instead-of", "two"));
        assertEquals(77, backplane.exitOf(site("leader", "acme", "plant", "five", "--instead-of", "two")));
        namesThemAgain();
        backplane.start();
        two.renew();
        assertEquals("follower", setting(two, "machine_room.role"));
        assertEquals(3, two.answer().texts("nats_urls").size());
        backplane.command(site("standby", "acme", "plant", "--none", "--keep", "four"));
        two.renew();
        assertEquals(List.of("tls://h4.example:9222"), two.answer().texts("nats_urls"));
        assertEquals(2, two.answer().texts("ca_pins").size(), "its leader's CA, and that of the SaaS");
    }

    private void namesThem() {
        assertEquals(77, backplane.exitOf(site("standby", "acme", "plant", "two@h2", "boss@h3")));
        assertEquals(64, backplane.exitOf(site("standby", "acme", "plant", "two@h2")));
        assertEquals(64, backplane.exitOf(site("standby", "acme", "plant", "two@h2", "x@h3", "--keep", "two")));
        String[] both = {
            "standby", "acme", "plant", "two@h2.example", "three@[2001:db8::3]:1:2:3", "--route-port", "9300"
        };
        assertEquals(77, backplane.exitOf(site(both)), "three is not enrolled");
        String said = backplane.command(site(with(both, "--force")));
        assertTrue(said.contains("led by boss, standbys two and three"), said);
        assertTrue(said.contains("with an empty store"), said);
        assertTrue(said.contains("plant.example 9300, h2.example 9224, 2001:db8::3 3"), said);
    }

    private void namesThemAgain() {
        Value.Obj moved = backplane
                .documents(site("standby", "acme", "plant", "three@h3.example", "four@h4.example", "--json"))
                .getFirst();
        assertEquals(Optional.of(9300L), moved.whole("route_port"), "it was not named again");
        assertEquals(Optional.of(false), moved.bool("starts_anew"));
        assertTrue(moved.list("standbys").getFirst().toString().contains("h4.example"), moved::toString);
        assertEquals(77, backplane.exitOf(site("standby", "acme", "plant", "x@h3.example", "y@h4.example", "--force")));
    }

    private static String[] with(String[] args, String more) {
        List<String> all = new ArrayList<>(List.of(args));
        all.add(more);
        return all.toArray(String[]::new);
    }

    private String expel() {
        return backplane.command(site("expel", "acme", "plant", "--offline", backplane.offline.toString()));
    }

    private Value.Obj account(TestNode leader) {
        Value.Obj told = leader.answer().obj("site_broker").orElseThrow();
        String jwt = ((Value.Obj) told.list("accounts").getLast()).text("jwt").orElseThrow();
        String claims = new String(Base64.getUrlDecoder().decode(jwt.split("\\.", -1)[1]), StandardCharsets.UTF_8);
        return ((Value.Obj) backplane.json.read(claims.getBytes(StandardCharsets.UTF_8)))
                .obj("nats")
                .orElseThrow();
    }

    @Test
    void w37ExpelsWhoLedWhileItRunsAndWhileItIsStopped() throws Exception {
        add("acme", "plant", "boss", 9222);
        TestNode boss = enrolled("acme", "plant", "boss");
        TestNode heir = enrolled("acme", "plant", "heir");
        assertTrue(expel().contains("0 former leaders are expelled"));
        backplane.command(site("leader", "acme", "plant", "heir"));
        assertTrue(expel().contains("1 former leader is expelled"));
        heir.renew();
        Value.Obj revoked = account(heir).obj("revocations").orElseThrow();
        assertEquals(1, revoked.fields().size());
        assertTrue(revoked.fields().keySet().iterator().next().startsWith("U"));
        backplane.stop();
        backplane.command(site("leader", "acme", "plant", "boss"));
        assertTrue(expel().contains("1 former leader is expelled"));
        backplane.start();
        boss.renew();
        assertNotEquals(
                revoked.fields().keySet(),
                account(boss).obj("revocations").orElseThrow().fields().keySet());
        assertEquals(77, backplane.exitOf(site("expel", "acme", "hall", "--offline", backplane.offline.toString())));
    }

    @Test
    void issuesTokensForTheLeadersGatewayUnlessToldWhere() throws Exception {
        add("acme", "plant", "boss", 9222);
        String pin = backplane
                .documents(site("list", "--json"))
                .getFirst()
                .text("ca_pin")
                .orElseThrow();
        Value.Obj token = token("plant");
        assertTrue(token.text("chu").orElseThrow().contains("https://127.0.0.1:9223"), token::toString);
        assertTrue(token.text("chu").orElseThrow().contains(backplane.gateway().toString()), token::toString);
        assertEquals(2, token.texts("ca_pins").size());
        assertTrue(token.texts("ca_pins").contains(pin));
        for (Value.Obj plain : List.of(token("hall"), token("plant", "--url", "https://x.example:1"))) {
            assertEquals(1, plain.texts("ca_pins").size());
            assertTrue(!plain.text("chu").orElseThrow().contains("9223"), plain::toString);
        }
    }

    private Value.Obj token(String site, String... more) {
        List<String> args = new ArrayList<>(
                List.of("token", "--state", backplane.state.toString(), "--offline", backplane.offline.toString()));
        args.addAll(List.of("--customer", "acme", "--site", site, "--print"));
        args.addAll(List.of(more));
        String claims = backplane.command(args.toArray(String[]::new)).split("\\.", -1)[1];
        String text = new String(Base64.getUrlDecoder().decode(claims), StandardCharsets.UTF_8);
        return (Value.Obj) backplane.json.read(text.getBytes(StandardCharsets.UTF_8));
    }
}

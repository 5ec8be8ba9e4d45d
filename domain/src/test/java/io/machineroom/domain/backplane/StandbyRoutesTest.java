package io.machineroom.domain.backplane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.data.Value;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the nodes of a site with two standbys are told (ADR 0030). */
final class StandbyRoutesTest {
    private static final Duration DAY = Duration.ofDays(1);

    private final OfficeWorld world = new OfficeWorld(77);

    private Value.Obj enrol(OfficeWorld.Node node) {
        Value.Obj reply = node.enrol(world.token("acme", DAY));
        return (Value.Obj)
                world.json.read(Base64.getDecoder().decode(reply.text("answer").orElseThrow()));
    }

    private static Value.Obj cluster(Value.Obj answer) {
        return answer.obj("site_broker").orElseThrow().obj("cluster").orElseThrow();
    }

    private static String role(Value.Obj answer) {
        return answer.obj("configuration")
                .orElseThrow()
                .text("machine_room.role")
                .orElse("");
    }

    @Test
    void w37TellsEachOfTheThreeItsOwnPlaceAndTheRoutesToAll() {
        Site site = world.siteWithStandbys("acme", "plant", "boss");
        Value.Obj boss = enrol(world.new Node("boss"));
        Value.Obj three = enrol(world.new Node("three"));
        assertEquals("leader", role(boss));
        assertEquals("leader", role(three));
        Value.Obj broker = three.obj("site_broker").orElseThrow();
        assertEquals(Optional.of("2001:db8::3"), broker.text("host"));
        assertEquals(Optional.of(1L), broker.whole("port"));
        assertEquals(Optional.of(2L), broker.whole("gateway_port"));
        Value.Obj cluster = cluster(three);
        assertEquals(Optional.of("acme-plant"), cluster.text("name"));
        assertEquals(Optional.of(3L), cluster.whole("member"));
        assertEquals(Optional.of(3L), cluster.whole("route_port"));
        assertEquals(Optional.of(1L), cluster(boss).whole("member"));
        assertEquals(Optional.of(9224L), cluster(boss).whole("route_port"));
        assertEquals(Optional.of("route"), cluster.text("user"));
        assertEquals(cluster(boss).list("routes"), cluster.list("routes"));
        assertEquals(
                List.of("1 plant.example 9224", "2 h2.example 9224", "3 2001:db8::3 3"),
                cluster.list("routes").stream()
                        .map(Value.Obj.class::cast)
                        .map(r -> r.whole("member").orElseThrow() + " "
                                + r.text("host").orElseThrow() + " "
                                + r.whole("port").orElseThrow())
                        .toList());
        assertEquals(3, site.seats().size());
    }

    @Test
    void w37TheRoutePasswordIsTheSameForTheThreeOfASiteAndKeptNowhere() {
        world.siteWithStandbys("acme", "plant", "boss");
        String password =
                cluster(enrol(world.new Node("boss"))).text("password").orElseThrow();
        assertTrue(password.matches("[0-9a-f]{64}"));
        Value.Obj two = enrol(world.new Node("two"));
        assertEquals(Optional.of(password), cluster(two).text("password"));
        String register =
                new String(world.files.read("sites/acme/plant.json", 65_536).orElseThrow(), StandardCharsets.UTF_8);
        assertFalse(register.contains(password));
        world.office.sites().remove("acme", "plant");
        world.siteWithStandbys("acme", "plant", "boss");
        assertNotEquals(
                Optional.of(password), cluster(enrol(world.new Node("three"))).text("password"), "another site's");
    }

    @Test
    void w37TellsEachFollowerAllThree() {
        Site site = world.siteWithStandbys("acme", "plant", "boss");
        for (int i = 0; i < 4; i++) {
            Value.Obj answer = enrol(world.new Node("n" + i));
            assertEquals(
                    List.of("tls://plant.example:9222", "tls://h2.example:9222", "tls://[2001:db8::3]:1"),
                    answer.texts("nats_urls"));
            assertEquals(
                    List.of("https://plant.example:9223", "https://h2.example:9223", "https://[2001:db8::3]:2"),
                    answer.texts("https_urls"));
            assertEquals(
                    Optional.of("plant.example:9222"),
                    answer.obj("configuration").orElseThrow().text("machine_room.source.host"));
            assertEquals(List.of(site.caPin(), world.charter.caPin()), answer.texts("ca_pins"));
            assertTrue(answer.obj("site_broker").isEmpty());
        }
    }

    @Test
    void w37CertifiesEachOfTheThreeForItsOwnPlace() {
        world.siteWithStandbys("acme", "plant", "boss");
        for (String[] expected :
                new String[][] {{"boss", "plant.example"}, {"two", "h2.example"}, {"three", "2001:db8::3"}}) {
            OfficeWorld.Node node = world.new Node(expected[0]);
            enrol(node);
            Value.Obj answer = world.document(world.ask(
                    "POST",
                    "/v1/site/certificate",
                    Map.of("authorization", "Bearer " + node.session()),
                    world.json.write(Value.obj("request", Value.text("request x")))));
            String chain = answer.text("chain").orElse("none");
            assertTrue(chain.startsWith("for " + expected[1] + ",localhost,127.0.0.1 by "), chain);
        }
    }

    @Test
    void w37ListsWhoStandsBy() {
        Site site = world.siteWithStandbys("acme", "plant", "boss");
        List<String> roles = new ArrayList<>();
        for (String identity : List.of("boss", "two", "three", "n1")) {
            roles.add(site.role(new Origin("acme", "plant", identity, "U" + identity)));
        }
        assertEquals(List.of("leader", "standby", "standby", "follower"), roles);
    }
}

package io.machineroom.domain.backplane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.data.Value;
import io.machineroom.ports.gateway.Gateway;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The keys of desired state as a list (docs/protocol.md section 8). */
final class DesiredRoutesTest {
    private static final String PATH = "/v1/desired/CONFIG";

    private final OfficeWorld world = new OfficeWorld(13);
    private final String session = session();

    private String session() {
        OfficeWorld.Node node = world.new Node("n1");
        node.enrol(world.token("acme", Duration.ofDays(365)));
        return node.session();
    }

    private Map<String, String> headers(String tag) {
        return Map.of("authorization", "Bearer " + session, "if-none-match", tag);
    }

    private Gateway.Response get(String path, String tag) {
        return world.ask("GET", path, headers(tag), new byte[0]);
    }

    private void deploy(String customer) {
        world.tasks.run(() ->
                world.office.desk().ask(() -> world.office.desired().deploy(customer, new byte[] {1}, true)));
    }

    @Test
    void listsTheKeysWithTheirRevisionsConditionally() {
        assertEquals(Optional.of(Value.obj()), world.document(get(PATH, "")).obj("keys"));
        assertEquals(304, get(PATH, "\"0\"").status());
        deploy("acme");
        Gateway.Response changed = get(PATH, "\"0\"");
        assertEquals(
                Optional.of(Value.obj("machines", Value.num(1))),
                world.document(changed).obj("keys"));
        assertEquals("\"1\"", changed.headers().get("ETag"));
        assertEquals("acme/plant", changed.headers().get("Mr-Site"));
        assertEquals(304, get(PATH, "\"1\"").status());
        assertEquals(404, get("/v1/desired/OTHER", "").status());
    }

    @Test
    void showsNothingOfOtherCustomersAndNothingWithoutASession() {
        deploy("bolt");
        assertEquals(Optional.of(Value.obj()), world.document(get(PATH, "")).obj("keys"));
        assertEquals(401, world.ask("GET", PATH, Map.of(), new byte[0]).status());
    }

    @Test
    void w37TellsOfChangedSitesBesideTheListOfMachines() {
        assertEquals(404, get(PATH + "/sites", "").status());
        world.site("acme", "plant", "boss");
        world.site("bolt", "mill", "boss");
        Gateway.Response value = get(PATH + "/sites", "");
        assertEquals(
                Optional.of(world.now().getEpochSecond()),
                world.document(value).obj("plant").orElseThrow().whole("changed"));
        assertTrue(world.document(value).obj("mill").isEmpty(), "another customer's");
        String tag = String.valueOf(value.headers().get("ETag"));
        assertEquals(304, get(PATH + "/sites", tag).status());
        String list = String.valueOf(get(PATH, "").headers().get("ETag"));
        assertEquals(304, get(PATH, list).status());
        deploy("acme");
        assertEquals(
                Set.of("machines", "sites"),
                world.document(get(PATH, list))
                        .obj("keys")
                        .orElseThrow()
                        .fields()
                        .keySet());
        assertEquals(304, get(PATH + "/sites", tag).status(), "a list of machines is no change of a site");
        String both = String.valueOf(get(PATH, "").headers().get("ETag"));
        world.office.sites().lead("acme", "plant", "heir");
        assertEquals(200, get(PATH + "/sites", tag).status());
        assertEquals(200, get(PATH, both).status());
    }

    @Test
    void waitsForAChange() {
        List<Gateway.Response> out = new ArrayList<>();
        world.tasks.run(() -> {
            world.tasks.fork(
                    "follower",
                    () -> out.add(world.routes.handle(
                            new Gateway.Request("GET", PATH, "wait=25", headers("\"0\""), new byte[0], "t"))));
            world.tasks.sleep(Duration.ofSeconds(3));
            assertEquals(List.of(), out);
        });
        deploy("acme");
        world.tasks.advance(Duration.ofSeconds(1));
        assertEquals(200, out.getFirst().status());
    }
}

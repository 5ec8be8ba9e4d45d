package io.machineroom.domain.replication.relay;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.gateway.Gateway;
import io.machineroom.ports.sim.SimFiles;
import io.machineroom.ports.sim.SimGateway;
import io.machineroom.ports.sim.SimJson;
import io.machineroom.ports.sim.SimMeter;
import io.machineroom.ports.sim.SimSignatures;
import io.machineroom.ports.sim.SimTasks;
import io.machineroom.ports.sim.SimTls;
import io.machineroom.ports.sim.SimUpstream;
import java.net.URI;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.net.ssl.SSLContext;

/** A SaaS, the line to it, and the gateway of a site in front of it, all simulated. */
final class RelayWorld {
    static final String PLACE = "acme/plant";

    final SimTasks tasks = new SimTasks(5);
    final SimFiles files = SimFiles.fresh(tasks);
    final SimGateway net = new SimGateway(files.disk());
    final SimMeter meter = new SimMeter();
    /** What the SaaS was asked, in order. */
    final List<Gateway.Request> asked = new ArrayList<>();

    final Map<String, String> placeOfSession = new HashMap<>(Map.of("good", PLACE, "other", "bolt/plant"));
    final SimUpstream line;
    SiteGatewaySettings settings;
    private final Map<String, Path> artifacts = new HashMap<>();
    private final URI saas;
    private URI site = URI.create("https://nobody:1");

    RelayWorld(long artifactBytes) {
        saas = net.serve(how("saas", 0), this::saas).url();
        line = new SimUpstream(net, saas, files.disk(), tasks);
        Path none = files.path("certificate");
        settings = new SiteGatewaySettings("acme", "plant", "leader", 0, 100, none, none, artifactBytes);
        restart();
    }

    private static Gateway.Settings how(String host, int port) {
        try {
            return new Gateway.Settings(host, port, SSLContext.getDefault(), 1 << 20, 100);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    SiteGatewayPorts ports() {
        return new SiteGatewayPorts(
                net, new SimTls(), line, files, new SimSignatures(), new SimJson(), tasks, tasks.time(), meter);
    }

    /** The gateway as a new process has it: what it knew is gone, the disk is there. */
    void restart() {
        SiteGateway gateway = new SiteGateway(settings, ports());
        tasks.run(gateway::open);
        site = net.serve(how("leader", 0), gateway).url();
    }

    /** Offers an artifact at the SaaS. */
    byte[] offer(String name, int seed, int size) {
        byte[] content = new byte[size];
        new Random(seed).nextBytes(content);
        Path file = files.path("saas-" + name + "-" + seed);
        files.disk().put(file, content);
        artifacts.put(name, file);
        return content;
    }

    private Gateway.Response saas(Gateway.Request request) {
        asked.add(request);
        String bearer = request.header("authorization").orElse("").replace("Bearer ", "");
        if (request.path().startsWith("/v1/enrol")) {
            return Gateway.Response.of(200, "application/json", request.body());
        }
        String place = placeOfSession.get(bearer);
        if (place == null) {
            throw new PortException.Refused("session.expired", "open a new session");
        }
        Gateway.Response plain = resource(request);
        Map<String, String> headers = new LinkedHashMap<>(plain.headers());
        headers.put("Mr-Site", place);
        headers.put("Set-Cookie", "tracked");
        return new Gateway.Response(plain.status(), headers, plain.body(), plain.file());
    }

    private Gateway.Response resource(Gateway.Request request) {
        if (request.path().startsWith("/v1/artifacts/")) {
            Path file = artifacts.get(request.path().substring("/v1/artifacts/".length()));
            if (file == null) {
                throw new PortException.Refused("artifact.absent", "there is no such artifact");
            }
            return Gateway.Response.file(file, "application/gzip");
        }
        return new Gateway.Response(200, Map.of("ETag", "\"7\"", "Mr-Revision", "7"), new byte[] {7}, null);
    }

    /** Asks the site's gateway; within a task. */
    Gateway.Response ask(String method, String target, Map<String, String> headers, byte[] body)
            throws InterruptedException {
        return net.exchange(site, method, target, headers, body);
    }

    /** Asks for something as a session. */
    Gateway.Response get(String target, String session, String... more) {
        Map<String, String> headers = new LinkedHashMap<>(Map.of("Authorization", "Bearer " + session));
        for (int i = 0; i < more.length; i += 2) {
            headers.put(more[i], more[i + 1]);
        }
        List<Gateway.Response> out = new ArrayList<>();
        tasks.run(() -> out.add(ask("GET", target, headers, new byte[0])));
        return out.getFirst();
    }

    static String code(Gateway.Response response) {
        return ((Value.Obj) new SimJson().read(response.body())).text("code").orElse("none");
    }

    long questions(String path) {
        return asked.stream().filter(r -> r.path().equals(path)).count();
    }
}

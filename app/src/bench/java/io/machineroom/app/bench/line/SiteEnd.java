package io.machineroom.app.bench.line;

import io.machineroom.app.bench.BenchBroker;
import io.machineroom.app.bench.BrokerAccess;
import io.machineroom.app.codec.JacksonJson;
import io.machineroom.app.crypto.FileKeyring;
import io.machineroom.app.crypto.PinnedTls;
import io.machineroom.app.host.LocalFileTree;
import io.machineroom.app.host.PrometheusMeter;
import io.machineroom.app.host.SystemRuntime;
import io.machineroom.app.host.VirtualThreadTasks;
import io.machineroom.domain.flow.LinkKeeper;
import io.machineroom.domain.flow.LinkSettings;
import io.machineroom.domain.flow.Way;
import io.machineroom.domain.replication.SiteCopy;
import io.machineroom.domain.replication.SiteRuntime;
import io.machineroom.http.RealHttp;
import io.machineroom.ports.data.Secret;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.security.KeyRole;
import io.machineroom.ports.security.TrustPolicy;
import io.machineroom.ports.transport.Endpoint;
import io.machineroom.ports.transport.Link;
import io.nats.client.Connection;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The site's end: a broker with the two streams of a site, and who copies them up. Arguments: own folder, folder of the SaaS's end.
 * Orders on its input: {@code fill STREAM COUNT}, {@code alarm}, {@code ours}, {@code https}, {@code bare}, {@code stop}, {@code links}.
 */
final class SiteEnd {
    private final BrokerAccess site;
    private final BrokerAccess saas;
    private final Path folder;
    private final Path saasFolder;
    private final Events events;
    private final VirtualThreadTasks tasks = new VirtualThreadTasks();
    private final List<Tasks.Task> running = new ArrayList<>();
    private final LinkKeeper siteLink;
    private LinkKeeper saasLink;
    private BareCopy bare;

    private SiteEnd(BenchBroker broker, Path folder, Path saasFolder) throws Exception {
        this.site = broker.access();
        this.saas = BrokerAccess.read(saasFolder);
        this.folder = folder;
        this.saasFolder = saasFolder;
        this.events = new Events(site.bare());
        this.siteLink = keeper(site.way("site", folder));
        this.saasLink = keeper(saas.way("nats", saasFolder));
        this.bare = new BareCopy(site, saas);
        tasks.fork("site link", siteLink::run);
    }

    /** The command line. */
    public static void main(String[] args) throws Exception {
        Path folder = Files.createDirectories(Path.of(args[0]));
        try (BenchBroker broker = new BenchBroker(folder, "127.0.0.1");
                Link admin = broker.administrator()) {
            admin.ensureStream(SaasEnd.stream("MR_INTAKE", "mr.>"));
            admin.ensureStream(SaasEnd.stream("MR_URGENT", "mu.>"));
            admin.ensureStream(SaasEnd.stream("BARE", "bare.>"));
            SiteEnd end = new SiteEnd(broker, folder, Path.of(args[1]));
            System.out.println("ready");
            end.obey();
        }
        System.exit(0);
    }

    private LinkKeeper keeper(Way way) {
        SystemRuntime runtime = new SystemRuntime();
        return new LinkKeeper(List.of(way), LinkSettings.defaults(), tasks, runtime, runtime, new PrometheusMeter());
    }

    private void obey() throws Exception {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] words = line.split(" ");
            System.out.println(
                    switch (words[0]) {
                        case "fill" -> events.fill(words[1], Long.parseLong(words[2]));
                        case "alarm" -> events.alarm();
                        case "ours" -> ours(saas.way("nats", saasFolder));
                        case "https" -> ours(https());
                        case "bare" -> bare.start();
                        case "links" ->
                            saasLink.state().changes() + " " + saasLink.state().lastCode();
                        default -> stop();
                    });
        }
    }

    /** As a leader with only 443 open. */
    private Way https() throws IOException {
        SystemRuntime runtime = new SystemRuntime();
        JacksonJson json = new JacksonJson();
        FileKeyring keys = new FileKeyring(new LocalFileTree(folder.resolve("leader")), runtime);
        keys.ensure(KeyRole.IDENTITY);
        keys.ensure(KeyRole.NATS_USER);
        Endpoint.Credentials leader = new Endpoint.Credentials.Node(
                "leader",
                keys.publicNkey(KeyRole.NATS_USER).orElseThrow(),
                Secret.of("none"),
                KeyRole.NATS_USER,
                KeyRole.IDENTITY);
        Endpoint endpoint = new Endpoint(
                List.of(URI.create(Files.readString(saasFolder.resolve(HttpsIntake.FILE)))),
                new TrustPolicy(List.of(saas.pin()), 0),
                leader,
                "leader",
                Duration.ofSeconds(20));
        return new Way(
                "https",
                RealHttp.transport(keys, new PinnedTls(), HttpsIntake.formats(json), json, tasks, runtime),
                endpoint);
    }

    private String ours(Way way) {
        SystemRuntime runtime = new SystemRuntime();
        saasLink = keeper(way);
        SiteRuntime copy = new SiteRuntime(
                "plant",
                siteLink,
                saasLink,
                new LocalFileTree(folder.resolve("files")),
                new JacksonJson(),
                new SiteRuntime.Machine(tasks, runtime, runtime, new PrometheusMeter()));
        running.add(tasks.fork("saas link", saasLink::run));
        running.add(tasks.fork("uplink", SiteCopy.over(copy)::run));
        return "begun";
    }

    private String stop() throws Exception {
        bare.stop();
        bare = new BareCopy(site, saas);
        running.forEach(Tasks.Task::cancel);
        for (Tasks.Task task : running) {
            task.join(Duration.ofSeconds(20));
        }
        running.clear();
        Connection own = site.bare();
        for (String stream : List.of("MR_INTAKE", "MR_URGENT", "BARE")) {
            own.jetStreamManagement().purgeStream(stream);
        }
        own.close();
        return "stopped";
    }
}

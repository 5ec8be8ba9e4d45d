package io.machineroom.ports.sim;

import io.machineroom.ports.PortException;
import io.machineroom.ports.gateway.Gateway;
import io.machineroom.ports.gateway.Upstream;
import io.machineroom.ports.runtime.Tasks;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The way to a simulated gateway: each exchange takes its time, the line can be cut, downloads can break off. */
public final class SimUpstream implements Upstream {
    private static final int NONE = -1;

    private final SimGateway gateway;
    private final URI url;
    private final SimDisk disk;
    private final Tasks tasks;
    private final Map<Path, String> tags = new HashMap<>();
    private final List<String> downloads = new ArrayList<>();
    private Duration latency = Duration.ofMillis(50);
    private boolean cut;
    private int breakAfter = NONE;
    private long bytes;

    /** A way to the gateway that serves at that URL; files are of that disk. */
    public SimUpstream(SimGateway gateway, URI url, SimDisk disk, Tasks tasks) {
        this.gateway = gateway;
        this.url = url;
        this.disk = disk;
        this.tasks = tasks;
    }

    /** How long each exchange takes. */
    public void latency(Duration time) {
        latency = time;
    }

    /** Whether the line is down. */
    public void cut(boolean down) {
        cut = down;
    }

    /** The next download breaks off after that many bytes, and only that one. */
    public void breakOffOnce(int after) {
        breakAfter = after;
    }

    /** Paths of downloads that brought bytes, in order. */
    public List<String> downloads() {
        return List.copyOf(downloads);
    }

    /** Bytes of all downloads. */
    public long bytes() {
        return bytes;
    }

    @Override
    public Gateway.Response ask(Gateway.Request request, int maxAnswerBytes, Duration timeout)
            throws InterruptedException {
        Gateway.Response answer = exchange(request, Map.of());
        if (answer.body().length > maxAnswerBytes) {
            throw new PortException.Unavailable("upstream.answer", "larger than " + maxAnswerBytes + " bytes");
        }
        return answer;
    }

    private Gateway.Response exchange(Gateway.Request request, Map<String, String> more) throws InterruptedException {
        tasks.sleep(latency);
        if (cut) {
            throw new PortException.Unavailable("upstream.unreachable", "the line is down");
        }
        Map<String, String> headers = new LinkedHashMap<>(request.headers());
        headers.putAll(more);
        String path = request.path().replace("%", "%25").replace(" ", "%20");
        String target = request.query().isEmpty() ? path : path + "?" + request.query();
        try {
            return gateway.exchange(url, request.method(), target, headers, request.body());
        } catch (PortException.Unavailable e) {
            throw new PortException.Unavailable("upstream.unreachable", String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    public Gateway.Response download(Gateway.Request request, Path into, long maxBytes, Duration timeout)
            throws InterruptedException {
        byte[] have = have(into);
        @Nullable String tag = tags.get(into);
        Gateway.Response answer = have.length == 0 || tag == null
                ? exchange(request, Map.of())
                : exchange(request, Map.of("range", "bytes=" + have.length + "-", "if-range", tag));
        if (answer.status() != 200 && answer.status() != 206) {
            return answer;
        }
        byte[] before = answer.status() == 206 ? have : new byte[0];
        byte[] came = answer.body();
        if (before.length + (long) came.length > maxBytes) {
            disk.remove(into);
            throw new PortException.Refused("artifact.too-large", "larger than " + maxBytes + " bytes");
        }
        downloads.add(request.path());
        int end = breakAfter == NONE ? came.length : Math.min(came.length, breakAfter);
        byte[] all = Arrays.copyOf(before, before.length + end);
        System.arraycopy(came, 0, all, before.length, end);
        disk.put(into, all);
        bytes += end;
        if (breakAfter != NONE) {
            breakAfter = NONE;
            tags.put(into, answer.headers().getOrDefault("etag", ""));
            throw new PortException.Unavailable("upstream.interrupted", "broke off after " + all.length + " bytes");
        }
        tags.remove(into);
        Map<String, String> headers = new LinkedHashMap<>(answer.headers());
        headers.remove("content-range");
        headers.remove("content-length");
        return new Gateway.Response(200, headers, new byte[0], null);
    }

    private byte[] have(Path into) {
        return disk.content(into).orElse(new byte[0]);
    }
}

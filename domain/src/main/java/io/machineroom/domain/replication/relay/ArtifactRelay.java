package io.machineroom.domain.replication.relay;

import io.machineroom.ports.PortException;
import io.machineroom.ports.gateway.Gateway;
import io.machineroom.ports.gateway.Upstream;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Answers for artifacts from the leader's disk. Each request is judged by the SaaS, in the session of who asked and without
 * the bytes; the bytes travel once, however many ask. While the SaaS cannot be reached, sessions that it accepted lately
 * still get what is there.
 */
final class ArtifactRelay {
    private static final System.Logger LOG = System.getLogger(ArtifactRelay.class.getName());
    private static final Duration JUDGE = Duration.ofSeconds(20);
    private static final Duration DOWNLOAD = Duration.ofMinutes(30);
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final int TRIES = 4;
    private static final int MAX_ANSWER = 64 * 1024;
    private static final int MAX_LINES = 4096;
    private static final Pattern SIZE = Pattern.compile("bytes (?:\\d{1,18}-\\d{1,18}|\\*)/(\\d{1,18})");

    private final SiteGatewayPorts ports;
    private final Upstream upstream;
    private final ArtifactCopies copies;
    private final AcceptedSessions sessions;
    private final long maxBytes;
    private final Turn turn;
    /** Who fetches one artifact keeps the others waiting; as many as were asked for lately. */
    private final Map<String, Turn> lines = new LinkedHashMap<>(16, 0.75f, true);

    ArtifactRelay(SiteGatewayPorts ports, ArtifactCopies copies, AcceptedSessions sessions, long maxBytes) {
        this.ports = ports;
        this.upstream = ports.upstream();
        this.copies = copies;
        this.sessions = sessions;
        this.maxBytes = maxBytes;
        this.turn = new Turn(ports.tasks());
    }

    /**
     * Answers a {@code GET}.
     *
     * @throws PortException.Unavailable {@code upstream.…} when the SaaS cannot be reached and nothing may be given without it
     * @throws PortException.Refused {@code site.foreign}
     */
    Gateway.Response answer(Gateway.Request request, String name) throws InterruptedException {
        Optional<ArtifactCopies.Copy> copy = copies.find(name);
        Gateway.Response judged;
        try {
            judged = upstream.ask(probe(request, copy), MAX_ANSWER, JUDGE);
        } catch (PortException.Unavailable away) {
            if (copy.isEmpty() || !sessions.isFresh(request)) {
                throw away;
            }
            ports.meter().count("mr_site_artifacts_total", "from", "offline", 1);
            return file(copy.get());
        }
        sessions.note(request, judged);
        boolean there = judged.status() == 200 || judged.status() == 206 || judged.status() == 416;
        if (judged.status() != 304 && !there) {
            if (judged.status() == 404) {
                copies.forget(name);
            }
            return judged;
        }
        if (!sessions.isOurs(judged)) {
            throw new PortException.Refused("site.foreign", "this is the gateway of another site");
        }
        if (judged.status() == 304 && copy.isPresent()) {
            ports.meter().count("mr_site_artifacts_total", "from", "copy", 1);
            return file(copy.get());
        }
        return fetched(request, name, judged);
    }

    /** The first byte tells as much as all of them: whether, which content, and how much. */
    private static Gateway.Request probe(Gateway.Request request, Optional<ArtifactCopies.Copy> copy) {
        Map<String, String> headers = new LinkedHashMap<>(SiteGateway.session(request));
        headers.put("range", "bytes=0-0");
        copy.ifPresent(c -> headers.put("if-none-match", c.etag()));
        return new Gateway.Request("GET", request.path(), "", headers, new byte[0], request.remote());
    }

    private Gateway.Response fetched(Gateway.Request request, String name, Gateway.Response judged)
            throws InterruptedException {
        String etag = AcceptedSessions.header(judged, "etag")
                .orElseThrow(() -> new PortException.Unavailable("upstream.answer", "an artifact without a tag"));
        Optional<Gateway.Response> kept = kept(name, etag);
        if (kept.isPresent()) {
            return kept.get();
        }
        return line(name).within(PATIENCE, () -> {
            Optional<Gateway.Response> meanwhile = kept(name, etag);
            return meanwhile.isPresent() ? meanwhile.get() : fetch(request, name, size(judged));
        });
    }

    private Optional<Gateway.Response> kept(String name, String etag) throws InterruptedException {
        Optional<ArtifactCopies.Copy> copy =
                copies.find(name).filter(c -> c.etag().equals(etag));
        copy.ifPresent(c -> ports.meter().count("mr_site_artifacts_total", "from", "copy", 1));
        return copy.map(this::file);
    }

    private static long size(Gateway.Response judged) {
        Matcher size =
                SIZE.matcher(AcceptedSessions.header(judged, "content-range").orElse(""));
        return size.matches() ? Long.parseLong(size.group(1)) : 0;
    }

    private Turn line(String name) throws InterruptedException {
        return turn.take(() -> {
            Turn line = lines.computeIfAbsent(name, n -> new Turn(ports.tasks()));
            if (lines.size() > MAX_LINES) {
                lines.remove(lines.keySet().iterator().next());
            }
            return line;
        });
    }

    /** Fetches on where it broke off, a few times; what is left then waits for the next who asks. */
    private Gateway.Response fetch(Gateway.Request request, String name, long size) throws InterruptedException {
        copies.makeRoom(size);
        Gateway.Request asked = new Gateway.Request(
                "GET", request.path(), "", SiteGateway.session(request), new byte[0], request.remote());
        for (int attempt = 1; ; attempt++) {
            try {
                return keep(name, upstream.download(asked, copies.part(name), maxBytes, DOWNLOAD));
            } catch (PortException.Unavailable broken) {
                LOG.log(System.Logger.Level.DEBUG, () -> "artifact " + name + ": " + broken.code());
                if (attempt == TRIES) {
                    throw broken;
                }
                ports.tasks().sleep(PAUSE.multipliedBy(attempt));
            }
        }
    }

    private Gateway.Response keep(String name, Gateway.Response came) throws InterruptedException {
        if (came.status() != 200) {
            return came;
        }
        Optional<String> etag = AcceptedSessions.header(came, "etag");
        if (etag.isEmpty() || !sessions.isOurs(came)) {
            copies.drop(name);
            throw new PortException.Unavailable("upstream.answer", "an artifact without a tag or for another site");
        }
        ports.meter().count("mr_site_artifacts_total", "from", "saas", 1);
        String type = AcceptedSessions.header(came, "content-type").orElse("application/octet-stream");
        return file(copies.keep(name, etag.get(), type));
    }

    /** With the SaaS's tag: a download that began there goes on here. */
    private Gateway.Response file(ArtifactCopies.Copy copy) {
        Map<String, String> headers = Map.of("Content-Type", copy.contentType(), "ETag", copy.etag());
        return new Gateway.Response(200, headers, new byte[0], copies.path(copy));
    }
}

package io.machineroom.ports.sim;

import io.machineroom.ports.PortException;
import io.machineroom.ports.artifact.ArtifactStore;
import io.machineroom.ports.runtime.Tasks;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An artifact server that can lie, and the store that asks it. Files appear on a simulated disk. Not for real
 * threads.
 */
public final class SimArtifacts implements ArtifactStore {
    private static final int MAX_REDIRECTS = 5;

    private final SimDisk disk;
    private final Tasks tasks;
    private final Map<URI, Offer> offers = new HashMap<>();
    private final Map<Path, String> tags = new HashMap<>();
    private final List<Asked> asked = new ArrayList<>();

    public SimArtifacts(SimDisk disk, Tasks tasks) {
        this.disk = disk;
        this.tasks = tasks;
    }

    private record Offer(byte[] content, Lie lie) {
        String tag() {
            return content.length + "-" + Arrays.hashCode(content);
        }
    }

    /**
     * One request as the server saw it.
     *
     * @param authorization header, {@code -} for none
     * @param sent bytes of the answer
     */
    public record Asked(URI url, String authorization, long sent) {}

    /** How the server lies about one URL. */
    public sealed interface Lie {
        /** It does not. */
        record None() implements Lie {}

        /** Breaks off after that many bytes, once. */
        record BreaksOff(int after) implements Lie {}

        /** Sends other bytes of the same length. */
        record WrongBytes() implements Lie {}

        /** Never stops sending. */
        record Endless() implements Lie {}

        /** Answers with that status. */
        record Status(int status) implements Lie {}

        /** Sends only after that time. */
        record Slow(Duration delay) implements Lie {}

        /** Sends elsewhere. */
        record Redirect(URI to) implements Lie {}
    }

    /** Offers a file, honestly. */
    public void offer(URI url, byte[] content) {
        offers.put(url, new Offer(content.clone(), new Lie.None()));
    }

    /** From now on lies about a URL, whether something is offered there or not. */
    public void lie(URI url, Lie lie) {
        byte[] content = offers.containsKey(url) ? offers.get(url).content() : new byte[0];
        offers.put(url, new Offer(content, lie));
    }

    public List<Asked> asked() {
        return List.copyOf(asked);
    }

    @Override
    public long fetch(URI source, Optional<Login> credentials, long maxBytes, Path into, Duration timeout)
            throws InterruptedException {
        check(source);
        URI at = source;
        for (int redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
            boolean own = at.getAuthority().equals(source.getAuthority());
            String login = own ? credentials.map(SimArtifacts::basic).orElse("-") : "-";
            Offer offer = offers.getOrDefault(at, new Offer(new byte[0], new Lie.Status(404)));
            if (!(offer.lie() instanceof Lie.Redirect redirect)) {
                return take(new Question(at, login, maxBytes, into, timeout), offer);
            }
            asked.add(new Asked(at, login, 0));
            check(redirect.to());
            at = redirect.to();
        }
        throw new PortException.Refused("artifact.redirect", "more than " + MAX_REDIRECTS + " redirects");
    }

    private record Question(URI url, String login, long maxBytes, Path into, Duration timeout) {}

    private long take(Question question, Offer offer) throws InterruptedException {
        return switch (offer.lie()) {
            case Lie.None() -> save(question, offer, offer.content());
            case Lie.WrongBytes() -> save(question, offer, wrong(offer.content()));
            case Lie.BreaksOff(int after) -> {
                offers.put(question.url(), new Offer(offer.content(), new Lie.None()));
                yield breakOff(question, offer, after);
            }
            case Lie.Endless() -> throw tooLarge(question);
            case Lie.Status(int status) -> throw status(question, status);
            case Lie.Slow(Duration delay) -> {
                if (delay.compareTo(question.timeout()) > 0) {
                    tasks.sleep(question.timeout());
                    throw interrupted("took too long");
                }
                tasks.sleep(delay);
                yield save(question, offer, offer.content());
            }
            case Lie.Redirect r -> throw new IllegalStateException("followed before");
        };
    }

    /** What is there already of the same file is not sent again. */
    private int have(Question question, Offer offer) {
        boolean same = offer.tag().equals(tags.get(question.into()));
        return same ? disk.content(question.into()).map(c -> c.length).orElse(0) : 0;
    }

    private long save(Question question, Offer offer, byte[] content) {
        if (content.length > question.maxBytes()) {
            throw tooLarge(question);
        }
        asked.add(new Asked(question.url(), question.login(), content.length - have(question, offer)));
        disk.put(question.into(), content);
        tags.remove(question.into());
        return content.length;
    }

    private long breakOff(Question question, Offer offer, int after) {
        int start = have(question, offer);
        int end = Math.min(offer.content().length, start + after);
        asked.add(new Asked(question.url(), question.login(), end - start));
        disk.put(question.into(), Arrays.copyOf(offer.content(), end));
        tags.put(question.into(), offer.tag());
        throw interrupted("broke off");
    }

    private PortException.Refused tooLarge(Question question) {
        asked.add(new Asked(question.url(), question.login(), question.maxBytes()));
        tags.remove(question.into());
        return new PortException.Refused("artifact.too-large", "larger than " + question.maxBytes() + " bytes");
    }

    private PortException status(Question question, int status) {
        asked.add(new Asked(question.url(), question.login(), 0));
        String text = question.url() + " answered with status " + status;
        return status == 408 || status == 429 || status >= 500
                ? new PortException.Unavailable("artifact.status", text)
                : new PortException.Refused("artifact.status", text);
    }

    private static PortException.Unavailable interrupted(String why) {
        return new PortException.Unavailable("artifact.interrupted", why);
    }

    private static byte[] wrong(byte[] content) {
        byte[] out = content.clone();
        for (int i = 0; i < out.length; i += 100) {
            out[i] ^= 0x55;
        }
        return out;
    }

    private static void check(URI url) {
        String host = url.getHost() == null ? "" : url.getHost();
        boolean loopback = host.equals("localhost") || host.startsWith("127.");
        boolean fits = "https".equals(url.getScheme()) || ("http".equals(url.getScheme()) && loopback);
        if (!fits || host.isEmpty() || url.getUserInfo() != null) {
            throw new PortException.Refused("artifact.url", "no https URL of a file: " + host);
        }
    }

    private static String basic(Login login) {
        return login.password().useText(password -> {
            byte[] pair = (login.user() + ":" + password).getBytes(StandardCharsets.UTF_8);
            return "Basic " + Base64.getEncoder().encodeToString(pair);
        });
    }
}

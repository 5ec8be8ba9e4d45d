package io.machineroom.domain.provisioning;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.kv.Bucket;
import java.time.Duration;
import java.util.Optional;

/**
 * Word of the backplane that a site was changed: key {@code sites} of bucket {@code CONFIG}, {@code {"<site>":{"changed":<Unix
 * seconds>,"within":<seconds>}}} ({@code docs/protocol.md} section 8). It says that there is something to ask for, and nothing else:
 * what a node is and where its servers are comes in the signed answer to its renewal only.
 */
public final class SiteNews {
    /** Key of the bucket. */
    public static final String KEY = "sites";

    private static final int MAX_BYTES = 1 << 20;
    private static final long MOST_SECONDS = 3_600;

    private final Bucket config;
    private final JsonFormat json;
    private final Duration every;

    /**
     * The word of a bucket.
     *
     * @param every how often a node looks, on average
     */
    public SiteNews(Bucket config, JsonFormat json, Duration every) {
        this.config = config;
        this.json = json;
        this.every = every;
    }

    Duration every() {
        return every;
    }

    /**
     * One change.
     *
     * @param at Unix seconds by the backplane's clock then; a later change has a larger number, whatever that clock did
     * @param within the time in which the nodes of the site shall ask, at most an hour
     */
    record Change(long at, Duration within) {}

    /**
     * The change of the site of an enrolment that it does not know of yet, because it is not older than the enrolment; empty when
     * there is none. What cannot be read tells nothing.
     *
     * @throws PortException.Unavailable when no link is up
     */
    Optional<Change> since(Enrolment enrolment) throws InterruptedException {
        Optional<Bucket.Entry> entry = config.get(KEY);
        if (entry.isEmpty() || entry.get().deleted()) {
            return Optional.empty();
        }
        return change(entry.get().value(), enrolment.site())
                .map(SiteNews::read)
                .filter(change -> change.at() >= enrolment.issued());
    }

    private static Change read(Value.Obj change) {
        long within = Math.clamp(change.whole("within").orElse(0L), 0, MOST_SECONDS);
        return new Change(change.whole("changed").orElse(0L), Duration.ofSeconds(within));
    }

    private Optional<Value.Obj> change(byte[] document, String site) {
        try {
            return json.read(document, MAX_BYTES) instanceof Value.Obj sites ? sites.obj(site) : Optional.empty();
        } catch (PortException.Refused unreadable) {
            return Optional.empty();
        }
    }
}

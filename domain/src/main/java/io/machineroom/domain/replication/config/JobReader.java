package io.machineroom.domain.replication.config;

import io.machineroom.domain.replication.config.JobConfig.Mapped;
import io.machineroom.domain.replication.config.JobConfig.Mode;
import io.machineroom.ports.stream.Subject;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads one item of {@code streams}. */
final class JobReader {
    private static final List<String> KEYS = List.of(
            "stream",
            "name",
            "filter_subject",
            "target_stream",
            "target_subject_prefix",
            "target_subject_remove",
            "source_url",
            "target_url",
            "no_target_create",
            "ephemeral",
            "target_initiated",
            "start_sequence",
            "start_time",
            "start_delta",
            "start_at_end",
            "max_age",
            "inspect_field",
            "inspect_force_field",
            "inspect_header",
            "inspect_subject_token",
            "inspect_duration",
            "warn_duration",
            "size_trigger",
            "leader_election_name",
            "advisory",
            "keep_vanished",
            "tls",
            "source_tls",
            "target_tls",
            "choria",
            "source_choria",
            "target_choria");

    private final Section section;
    private final Inheritance above;
    private final String replicator;

    JobReader(Section section, Inheritance above, String replicator) {
        this.section = section.knows(KEYS);
        this.above = above.with(section, "");
        this.replicator = replicator;
    }

    JobConfig read() {
        String stream = section.text("stream");
        if (stream.isEmpty()) {
            section.wrong("stream", "stream not specified");
        }
        name("stream", stream);
        String name = section.has("name") ? section.text("name") : replicator;
        name("name", name);
        Mode mode = mode();
        return new JobConfig(
                stream,
                name,
                above.with(section, "source_").side(section, "source_url"),
                above.with(section, "target_").side(section, "target_url"),
                mapped(stream),
                mode,
                start(),
                sampling(mode));
    }

    /** It becomes part of the consumer's name, of a header with five fields and of a file name. */
    private void name(String key, String name) {
        if (name.chars().anyMatch(c -> c <= ' ' || c == 127 || ".*>/\\".indexOf(c) >= 0)) {
            section.wrong(key, "must not hold white space, '.', '*', '>', '/' or '\\'");
        }
    }

    private Mapped mapped(String stream) {
        String filter = section.text("filter_subject");
        String fault = filter.isEmpty() ? "" : Subject.fault(filter);
        if (!fault.isEmpty()) {
            section.wrong("filter_subject", fault);
        }
        String target = section.text("target_stream");
        name("target_stream", target);
        return new Mapped(
                filter,
                target.isEmpty() ? stream : target,
                section.text("target_subject_prefix"),
                section.text("target_subject_remove"),
                !section.flag("no_target_create"));
    }

    private Mode mode() {
        Mode mode = new Mode(
                section.flag("ephemeral"),
                section.flag("target_initiated"),
                section.duration("max_age"),
                section.text("leader_election_name"),
                section.section("advisory").flatMap(JobReader::advising),
                section.flag("keep_vanished"));
        if (mode.targetInitiated() && section.flag("no_target_create")) {
            section.wrong("no_target_create", "cannot be used with target_initiated");
        }
        if (mode.targetInitiated() && !mode.maxAge().isZero()) {
            section.wrong("max_age", "cannot be used with target_initiated");
        }
        return mode;
    }

    private static Optional<Advising> advising(Section section) {
        section.knows(List.of("subject", "reliable"));
        if (section.text("subject").isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Advising(section.text("subject"), section.flag("reliable")));
    }

    private StartPolicy start() {
        return new StartPolicy(
                section.flag("start_at_end"),
                section.whole("start_sequence", 0, Long.MAX_VALUE),
                section.duration("start_delta"),
                time());
    }

    private Optional<Instant> time() {
        String text = section.text("start_time");
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException e) {
            section.wrong("start_time", "must be a time such as 2026-01-31T12:00:00Z");
            return Optional.empty();
        }
    }

    private Sampling sampling(Mode mode) {
        List<Sampling.Key> keys = keys();
        if (keys.size() > 1) {
            section.wrong("", "only one inspection mode can be set per stream");
        }
        if (section.has("inspect_force_field") && section.text("inspect_field").isEmpty()) {
            section.wrong("inspect_force_field", "needs inspect_field");
        }
        if (mode.targetInitiated() && !keys.isEmpty()) {
            section.wrong(
                    "target_initiated", "cannot be used with inspect_field, inspect_header or inspect_subject_token");
        }
        Duration interval = section.duration("inspect_duration");
        Duration warn = section.duration("warn_duration");
        return new Sampling(
                keys.stream().findFirst(),
                interval,
                warn.isZero() ? interval.dividedBy(2) : warn,
                section.whole("size_trigger", 0, Long.MAX_VALUE));
    }

    private List<Sampling.Key> keys() {
        List<Sampling.Key> keys = new ArrayList<>();
        String field = section.text("inspect_field");
        String header = section.text("inspect_header");
        long token = section.whole("inspect_subject_token", -1, 1024);
        if (!field.isEmpty()) {
            keys.add(new Sampling.Key.Field(field, section.text("inspect_force_field")));
        }
        if (!header.isEmpty()) {
            keys.add(new Sampling.Key.Header(header));
        }
        if (token != 0) {
            keys.add(new Sampling.Key.Token(token));
        }
        return keys;
    }
}

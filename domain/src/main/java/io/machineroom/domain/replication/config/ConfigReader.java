package io.machineroom.domain.replication.config;

import io.machineroom.domain.replication.config.Heartbeats.Beat;
import io.machineroom.ports.data.Problem;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.data.YamlFormat;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the configuration of a replicator, and says all that is wrong with it at once. */
public final class ConfigReader {
    private static final List<String> KEYS = List.of(
            "name",
            "streams",
            "state_store",
            "tls",
            "choria",
            "monitor_port",
            "profiling",
            "logfile",
            "loglevel",
            "heartbeats");
    private static final List<String> HEARTBEAT_KEYS =
            List.of("url", "interval", "leader_election", "headers", "subjects", "tls", "choria");
    private static final List<String> LEVELS = List.of("debug", "info", "warn");

    private ConfigReader() {}

    /**
     * What came of reading.
     *
     * @param config the best that could be made of it
     * @param problems what must be mended before it can be used
     * @param missing what the original finds only when it runs: a copy without a URL
     * @param warnings what is ignored
     */
    public record Reading(
            ReplicatorConfig config, List<Problem> problems, List<Problem> missing, List<Problem> warnings) {
        public Reading {
            problems = List.copyOf(problems);
            missing = List.copyOf(missing);
            warnings = List.copyOf(warnings);
        }

        /** All that keeps it from running. */
        public List<Problem> faults() {
            List<Problem> all = new ArrayList<>(problems);
            all.addAll(missing);
            return all;
        }
    }

    /**
     * Reads a document; YAML or JSON, which is a part of YAML.
     *
     * @param base absolute; relative paths in the file are relative to it
     */
    public static Reading read(YamlFormat.Document document, Path base) {
        Section.Source source = new Section.Source(document, base, new ArrayList<>(), new ArrayList<>());
        Value.Obj root = document.root() instanceof Value.Obj o ? o : Value.obj();
        Section top = new Section(source, "", root);
        if (!(document.root() instanceof Value.Obj) && !(document.root() instanceof Value.Nil)) {
            top.wrong("", "must be an object with the keys " + String.join(", ", KEYS));
        }
        top.knows(KEYS);
        String name = top.text("name");
        if (name.isEmpty()) {
            top.wrong("name", "name is required");
        }
        Inheritance defaults = Inheritance.none().with(top, "");
        List<JobConfig> jobs = jobs(top, defaults, name);
        if (top.flag("profiling")) {
            top.warn("profiling", "is ignored: use a profiler of the Java platform");
        }
        ReplicatorConfig config = new ReplicatorConfig(
                name,
                jobs,
                top.file("state_store"),
                (int) top.whole("monitor_port", 0, 65_535),
                top.file("logfile"),
                level(top),
                top.section("heartbeats").map(s -> heartbeats(s, defaults)));
        return new Reading(config, source.problems(), missing(top, jobs), source.warnings());
    }

    private static String level(Section top) {
        String level = top.text("loglevel");
        if (!level.isEmpty() && !LEVELS.contains(level)) {
            top.wrong("loglevel", "must be one of " + String.join(", ", LEVELS));
        }
        return level.isEmpty() ? "info" : level;
    }

    private static List<JobConfig> jobs(Section top, Inheritance defaults, String name) {
        List<JobConfig> jobs = new ArrayList<>();
        Set<List<String>> seen = new HashSet<>();
        for (Section section : top.sections("streams")) {
            JobConfig job = new JobReader(section, defaults, name).read();
            if (!job.stream().isEmpty() && !seen.add(List.of(job.stream(), job.name()))) {
                section.wrong("", "duplicate stream configuration name " + job.name() + " for stream " + job.stream());
            }
            jobs.add(job);
        }
        return jobs;
    }

    private static List<Problem> missing(Section top, List<JobConfig> jobs) {
        List<Problem> out = new ArrayList<>();
        List<Section> sections = top.sections("streams");
        for (int i = 0; i < jobs.size(); i++) {
            if (jobs.get(i).source().urls().isBlank()) {
                out.add(sections.get(i).problem("source_url", "source_url is required"));
            }
            if (jobs.get(i).target().urls().isBlank()) {
                out.add(sections.get(i).problem("target_url", "target_url is required"));
            }
        }
        return out;
    }

    private static Heartbeats heartbeats(Section section, Inheritance defaults) {
        section.knows(HEARTBEAT_KEYS);
        if (section.text("url").isEmpty()) {
            section.wrong("url", "url is required with heartbeat");
        }
        List<Section> subjects = section.sections("subjects");
        if (subjects.isEmpty()) {
            section.wrong("subjects", "heartbeat requires at least one subject");
        }
        Duration interval = interval(section, Duration.ofSeconds(10));
        Map<String, String> headers = section.texts("headers");
        List<Beat> beats =
                subjects.stream().map(s -> beat(s, interval, headers)).toList();
        return new Heartbeats(defaults.with(section, "").side(section, "url"), section.flag("leader_election"), beats);
    }

    private static Duration interval(Section section, Duration otherwise) {
        Duration own = section.duration("interval");
        return own.isZero() ? otherwise : own;
    }

    /** The original calls the subject of a beat {@code name}; both are read. */
    private static Beat beat(Section section, Duration interval, Map<String, String> headers) {
        section.knows(List.of("subject", "name", "interval", "headers"));
        String subject =
                Optional.of(section.text("subject")).filter(s -> !s.isEmpty()).orElseGet(() -> section.text("name"));
        if (subject.isEmpty()) {
            section.wrong("", "name is required with subject");
        }
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.putAll(section.texts("headers"));
        return new Beat(subject, interval(section, interval), all);
    }
}

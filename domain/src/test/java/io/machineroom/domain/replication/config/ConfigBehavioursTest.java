package io.machineroom.domain.replication.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.domain.replication.config.ConfigReader.Reading;
import io.machineroom.ports.data.Problem;
import io.machineroom.ports.sim.SimYaml;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rows CFG-* of the behaviours, and what our own reader adds. */
final class ConfigBehavioursTest {
    private static final Path BASE = Path.of("/etc/replicator");

    private static Reading read(String yaml) {
        return ConfigReader.read(new SimYaml().read(yaml.getBytes(StandardCharsets.UTF_8)), BASE);
    }

    private static List<String> messages(String yaml) {
        return read(yaml).problems().stream().map(Problem::message).toList();
    }

    private static JobConfig job(String lines) {
        Reading reading = read(worker(lines));
        assertEquals(List.of(), reading.problems());
        return reading.config().jobs().getFirst();
    }

    private static String worker(String lines) {
        return "name: GINKGO\nstreams:\n  - stream: TEST\n" + lines.indent(4);
    }

    @Test
    void cfg01NameIsRequired() {
        assertEquals(List.of("name is required"), messages("streams: []\n"));
        assertEquals(List.of("name is required"), messages(""));
    }

    @Test
    void cfg03StreamIsRequired() {
        assertEquals(List.of("stream not specified"), messages("name: GINKGO\nstreams:\n  - {}\n"));
    }

    @Test
    void cfg04TlsOfTheTopIsInheritedEverywhere() {
        JobConfig job = read("name: G\ntls: {ca: ca.pem}\nstreams: [{stream: GINKGO}]\n")
                .config()
                .jobs()
                .getFirst();
        assertEquals(
                Optional.of(BASE.resolve("ca.pem")),
                job.source().tls().orElseThrow().ca());
        assertEquals(job.source().tls(), job.target().tls());
    }

    @Test
    void cfg05TheMostSpecificTlsWins() {
        JobConfig job = read("name: G\ntls: {ca: ca.pem}\nstreams: [{stream: GINKGO, source_tls: {ca: other.pem}}]\n")
                .config()
                .jobs()
                .getFirst();
        assertEquals(
                Optional.of(BASE.resolve("other.pem")),
                job.source().tls().orElseThrow().ca());
        assertEquals(
                Optional.of(BASE.resolve("ca.pem")),
                job.target().tls().orElseThrow().ca());
        JobConfig middle = read("name: G\ntls: {ca: ca.pem}\nstreams: [{stream: GINKGO, tls: {ca: mine.pem}}]\n")
                .config()
                .jobs()
                .getFirst();
        assertEquals(
                Optional.of(BASE.resolve("mine.pem")),
                middle.target().tls().orElseThrow().ca());
    }

    @Test
    void cfg07StateFilesAreNamedByStreamAndWorker() {
        assertEquals("GINKGO_GINKGO.json", named("").stateFile());
        assertEquals("GINKGO_OTHER.json", named(", name: OTHER").stateFile());
    }

    private static JobConfig named(String more) {
        return read("name: GINKGO\nstreams: [{stream: GINKGO" + more + "}]\n")
                .config()
                .jobs()
                .getFirst();
    }

    @Test
    void cfg06ASideMayHaveItsOwnTlsBelowThatOfItsWorker() {
        JobConfig job = read("name: G\ntls: {ca: ca.pem}\nstreams: [{stream: GINKGO, tls: {ca: mine.pem},"
                        + " target_tls: {ca: other.pem}}]\n")
                .config()
                .jobs()
                .getFirst();
        assertEquals(
                Optional.of(BASE.resolve("mine.pem")),
                job.source().tls().orElseThrow().ca());
        assertEquals(
                Optional.of(BASE.resolve("other.pem")),
                job.target().tls().orElseThrow().ca());
    }

    @Test
    void cfg08AStartDeltaIsChecked() {
        assertChecked("start_delta");
        assertEquals(Duration.ofHours(1), job("start_delta: 1h").start().delta());
    }

    @Test
    void cfg09AnInspectDurationIsChecked() {
        assertChecked("inspect_duration");
        assertEquals(Duration.ofHours(1), job("inspect_duration: 1h").sampling().interval());
    }

    @Test
    void cfg10AWarnDurationIsChecked() {
        assertChecked("warn_duration");
        String both = "inspect_duration: 1h\nwarn_duration: 20m";
        assertEquals(Duration.ofMinutes(20), job(both).sampling().warn());
        assertEquals(
                Duration.ofMinutes(30), job("inspect_duration: 1h").sampling().warn());
    }

    @Test
    void cfg11AMaxAgeIsChecked() {
        assertChecked("max_age");
        assertEquals(Duration.ofHours(1), job("max_age: 1h").mode().maxAge());
    }

    private static void assertChecked(String key) {
        assertEquals(List.of("invalid " + key + ": invalid time unit g"), messages(worker(key + ": wrong")));
        assertEquals(List.of(), messages(worker(key + ": 1h")));
        assertTrue(messages(worker(key + ": -1h")).getFirst().contains("must not be negative"));
    }

    @ParameterizedTest
    @CsvSource({"1.5d,36h", "1w,168h", "2M,1440h", "1Y,8760h", "500ms,0.5s", "'',0s"})
    void map18Durations(String text, String meant) {
        Duration expected = io.machineroom.ports.watcher.Durations.parse(meant);
        assertEquals(expected, job("start_delta: '" + text + "'").start().delta());
    }

    @Test
    void map18UpperCaseHoursAreAnError() {
        assertEquals(1, messages(worker("start_delta: 1H")).size());
    }

    @Test
    void cfg12NamesAreUniqueForAStream() {
        String three = "name: GINKGO\nstreams: [{stream: TEST}, {stream: TEST%s}, {stream: OTHER}]\n";
        assertEquals(
                List.of("duplicate stream configuration name GINKGO for stream TEST"), messages(three.formatted("")));
        assertEquals(List.of(), messages(three.formatted(", name: OTHER")));
    }

    @ParameterizedTest
    @CsvSource({"inspect_field: x", "inspect_header: x", "inspect_subject_token: 1", "inspect_subject_token: -1"})
    void cfg13EachWayOfInspectingIsGoodAlone(String one) {
        assertEquals(List.of(), messages(worker(one)));
    }

    @ParameterizedTest
    @CsvSource({
        "CFG-14, inspect_field: x, inspect_subject_token: 1",
        "CFG-14, inspect_field: x, inspect_subject_token: -1",
        "CFG-15, inspect_field: x, inspect_header: y",
        "CFG-15, inspect_header: y, inspect_subject_token: -1"
    })
    void cfg14AndCfg15TwoWaysOfInspectingAreTooMany(String row, String one, String another) {
        assertEquals(
                List.of("only one inspection mode can be set per stream"), messages(worker(one + "\n" + another)), row);
    }

    @Test
    void cfg16HeartbeatsNeedAUrl() {
        assertTrue(messages("name: G\nheartbeats: {}\n").contains("url is required with heartbeat"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "CFG-17 | '' | heartbeat requires at least one subject",
                "CFG-17 | , subjects: [] | heartbeat requires at least one subject",
                "CFG-18 | , subjects: [{}] | name is required with subject",
                "CFG-18 | , subjects: [{subject: s.1}, {interval: 1s}] | name is required with subject",
                "CFG-19 | , interval: wrong, subjects: [{subject: s.1}] | invalid interval: invalid time unit g",
                "CFG-19 | , subjects: [{subject: s.1, interval: wrong}] | invalid interval: invalid time unit g"
            })
    void cfg17to19FaultsOfHeartbeats(String row, String more, String expected) {
        assertEquals(List.of(expected), messages("name: G\nheartbeats: {url: localhost" + more + "}\n"), row);
    }

    @Test
    void cfg20AHeartbeatThatIsWhole() {
        Reading good =
                read("name: G\nheartbeats: {url: localhost, subjects: [{subject: s.1, interval: 1s}, {name: s.2}]}\n");
        assertEquals(List.of(), good.problems());
        assertEquals(
                List.of(Duration.ofSeconds(1), Duration.ofSeconds(10)),
                good.config().heartbeats().orElseThrow().beats().stream()
                        .map(Heartbeats.Beat::interval)
                        .toList());
    }

    @Test
    void allProblemsComeAtOnceWithTheirLines() {
        Reading reading = read("nam: G\nstreams:\n  - streem: X\n    max_age: wrong\n");
        List<String> texts = reading.problems().stream().map(Problem::toString).toList();
        assertTrue(texts.contains("nam (line 1): unknown key 'nam'; did you mean 'name'?"), texts.toString());
        assertTrue(
                texts.contains("streams[0].streem (line 3): unknown key 'streem'; did you mean 'stream'?"),
                texts.toString());
        assertTrue(
                texts.contains("streams[0].max_age (line 4): invalid max_age: invalid time unit g"), texts.toString());
    }

    @Test
    void missingUrlsAreToldApart() {
        Reading reading = read(worker("source_url: localhost"));
        assertEquals(List.of(), reading.problems());
        assertEquals("target_url is required", reading.missing().getFirst().message());
    }

    @Test
    void startTimesAreReadInAnyZone() {
        assertEquals(
                Optional.of(Instant.parse("2026-01-01T10:00:00Z")),
                job("start_time: '2026-01-01T12:00:00+02:00'").start().time());
        assertEquals(1, messages(worker("start_time: yesterday")).size());
    }

    @Test
    void w56TargetInitiatedNeedsNoFilter() {
        assertTrue(job("target_initiated: true").mode().targetInitiated());
    }

    @Test
    void targetInitiatedForbidsWhatItCannotKeep() {
        assertEquals(1, messages(worker("target_initiated: true\nmax_age: 1h")).size());
        assertEquals(
                1, messages(worker("target_initiated: true\ninspect_field: a")).size());
        assertEquals(
                1,
                messages(worker("target_initiated: true\nno_target_create: true"))
                        .size());
    }

    @Test
    void namesThatWouldBreakTheHeaderAreRefused() {
        assertEquals(1, messages(worker("name: two words")).size());
        assertEquals(1, messages(worker("name: a.b")).size());
    }

    @Test
    void src01NamesOfConsumers() {
        assertEquals("stream_replicator", JobConfig.consumer(""));
        assertEquals("SR_CUSTOM_NAME", JobConfig.consumer("CUSTOM_NAME"));
        assertEquals("SR_SR_X", JobConfig.consumer("SR_X"));
        for (String plain : List.of("S", "SR", "SR_")) {
            assertEquals(plain, JobConfig.consumer(plain));
        }
    }

    @Test
    void url04InsecureIsIgnoredWithAWarning() {
        Reading reading = read(worker("source_url: nats://a?insecure=true"));
        assertEquals(List.of(), reading.problems());
        assertTrue(reading.warnings().getFirst().message().startsWith("insecure is ignored"));
    }
}

package io.machineroom.domain.agent;

import io.machineroom.domain.flow.LinkSettings;
import io.machineroom.domain.flow.PumpSettings;
import io.machineroom.domain.provisioning.EnrolmentSettings;
import io.machineroom.domain.spooling.OutboxSettings;
import io.machineroom.domain.supervision.SupervisorSettings;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The settings of a node, each part a record of the package that owns it. Immutable while it runs.
 *
 * @param paths where things lie
 * @param intervals how often things happen
 * @param enrolment how to enrol
 * @param link how the link is kept
 * @param httpsOnly whether brokers are left alone ({@code link.order}); default false
 * @param pump bounds of the pump
 * @param outbox bounds of the hand-over
 * @param supervisor how services are restarted
 * @param stopDeadline how long a stop may take; 1 s to 5 min, default 10 s
 */
public record AgentSettings(
        Paths paths,
        Intervals intervals,
        EnrolmentSettings enrolment,
        LinkSettings link,
        boolean httpsOnly,
        PumpSettings pump,
        OutboxSettings outbox,
        SupervisorSettings supervisor,
        Duration stopDeadline) {
    public static final Duration DEFAULT_STOP_DEADLINE = Duration.ofSeconds(10);

    /**
     * Where things lie; absolute.
     *
     * @param configFile the {@code --config} file
     * @param managedMarker line in it below which the agent's own part begins
     * @param storageDirectory spool, status, downloads
     * @param machinesDirectory machine store
     * @param factsFile {@code instance.json}, mode 0600
     * @param statusFile {@code status.json}, mode 0644
     * @param metricsFile Prometheus text, mode 0644
     * @param submissionDirectory where other programs leave messages
     */
    public record Paths(
            Path configFile,
            String managedMarker,
            Path storageDirectory,
            Path machinesDirectory,
            Path factsFile,
            Path statusFile,
            Path metricsFile,
            Path submissionDirectory) {
        public Path configDirectory() {
            Path parent = configFile.getParent();
            return parent == null ? configFile : parent;
        }
    }

    /**
     * How often things happen.
     *
     * @param facts between gatherings; 1 min to 24 h, default 10 min
     * @param registration between inventory documents when nothing changes; 1 s to 24 h, default 5 min
     * @param registrationCheck between looks whether the inventory changed; 1 s to 1 h, default 30 s
     * @param alive between alive events; 1 s to 24 h, default 30 min
     * @param status between writings of status and metrics; 1 s to 1 h, default 30 s
     * @param siteNews between looks of a node of a site whether that was changed, on average; 1 s to 1 h, default 200 s
     */
    public record Intervals(
            Duration facts,
            Duration registration,
            Duration registrationCheck,
            Duration alive,
            Duration status,
            Duration siteNews) {
        public static final Duration DEFAULT_FACTS = Duration.ofMinutes(10);
        public static final Duration LEAST_FACTS = Duration.ofMinutes(1);
        public static final Duration DEFAULT_REGISTRATION = Duration.ofMinutes(5);
        public static final Duration DEFAULT_REGISTRATION_CHECK = Duration.ofSeconds(30);
        public static final Duration DEFAULT_ALIVE = Duration.ofMinutes(30);
        public static final Duration DEFAULT_STATUS = Duration.ofSeconds(30);
        public static final Duration DEFAULT_SITE_NEWS = Duration.ofSeconds(200);

        public Intervals {
            if (facts.compareTo(LEAST_FACTS) < 0) {
                throw new IllegalArgumentException("facts are gathered at most once a minute, not every " + facts);
            }
        }

        public static Intervals defaults() {
            return new Intervals(
                    DEFAULT_FACTS,
                    DEFAULT_REGISTRATION,
                    DEFAULT_REGISTRATION_CHECK,
                    DEFAULT_ALIVE,
                    DEFAULT_STATUS,
                    DEFAULT_SITE_NEWS);
        }
    }
}

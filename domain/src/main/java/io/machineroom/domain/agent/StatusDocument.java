package io.machineroom.domain.agent;

import io.machineroom.domain.flow.LinkState;
import io.machineroom.domain.flow.PumpState;
import io.machineroom.domain.provisioning.EnrolmentState;
import io.machineroom.domain.replication.SiteState;
import io.machineroom.domain.spooling.OutboxState;
import io.machineroom.domain.spooling.submission.SubmissionState;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.spool.Spool;
import java.util.List;
import java.util.Optional;

/** The status document: the keys of spec streams 6.1 and a block {@code machine_room} with the rest. */
final class StatusDocument {
    private static final String ZERO_TIME = "0001-01-01T00:00:00Z";

    private StatusDocument() {}

    static Value.Obj of(Snapshot s) {
        Value.Obj stats = Value.obj();
        for (String counter : List.of("total", "valid", "invalid", "passed", "filtered", "replies", "ttlexpired")) {
            stats = stats.with(counter, Value.num(0));
        }
        boolean provisioning = s.mode().equals("provisioning");
        String server = s.link().isUp() ? s.link().server() : s.link().changes() == 0 ? "unknown" : "";
        return Value.obj("identity", Value.text(s.identity()), "uptime", Value.num(s.uptimeSeconds()))
                .with("connected_server", Value.text(server))
                .with("last_message", Value.num(0))
                .with("provisioning_mode", Value.bool(provisioning))
                .with(
                        "stats",
                        stats.with(
                                "events",
                                Value.num(s.outbox().stored() + s.submissions().taken())))
                .with("certificate_expires", Value.text(ZERO_TIME))
                .with("token_expires", Value.text(s.tokenExpires().isEmpty() ? ZERO_TIME : s.tokenExpires()))
                .with("machine_room", block(s));
    }

    private static Value.Obj block(Snapshot s) {
        Value.Obj out = Value.obj("mode", Value.text(s.mode()), "version", Value.text(s.version()))
                .with("customer", Value.text(s.customer()))
                .with("site", Value.text(s.site()))
                .with("link", link(s.link()))
                .with("spool", spool(s.spool()))
                .with("ledger", ledger(s))
                .with("submissions", submissions(s.submissions()))
                .with("list_serial", Value.num(s.listSerial()))
                .with("machines", machines(s.machines()));
        if (!s.role().isEmpty()) {
            out = out.with("role", Value.text(s.role()));
        }
        if (s.led().isPresent()) {
            out = out.with("leads", site(s.led().get()));
        }
        if (!s.fallen().isEmpty()) {
            out = out.with("fallen_services", Value.texts(s.fallen()));
        }
        EnrolmentState e = s.enrolment();
        if (e.attempts() > 0) {
            out = out.with(
                    "enrolment",
                    Value.obj("attempts", Value.num(e.attempts()), "last_code", Value.text(e.lastCode()))
                            .with("last_reason", Value.text(e.lastReason())));
        }
        return out;
    }

    private static Value.Obj site(SiteState site) {
        Value.Obj out = Value.obj("site", Value.text(site.name()), "broker", Value.text(site.broker()))
                .with("reason", Value.text(site.reason()))
                .with("linked", Value.bool(site.linked()))
                .with("uplink", Value.bool(site.uplink()))
                .with("waiting", Value.num(site.waiting()))
                .with("waiting_bytes", Value.num(site.waitingBytes()))
                .with("oldest_age_seconds", Value.num(site.oldestSeconds()))
                .with("last_code", Value.text(site.lastCode()))
                .with("certificate_expires", Value.text(site.certificateExpires()));
        return site.standing().map(standing -> standing(out, standing)).orElse(out);
    }

    private static Value.Obj standing(Value.Obj out, SiteState.Standing standing) {
        return out.with("place", Value.num(standing.place()))
                .with("standing", Value.text(standing.carrying() ? "carrying" : "standby"))
                .with("places_seen", numbers(standing.seen()))
                .with("places_last_seen", numbers(standing.lastSeen()))
                .with("copies_current", Value.bool(standing.copiesCurrent()));
    }

    private static Value.Arr numbers(List<Integer> numbers) {
        return new Value.Arr(numbers.stream().<Value>map(Value::num).toList());
    }

    private static Value.Obj link(LinkState link) {
        return Value.obj("way", Value.text(link.way()), "server", Value.text(link.server()))
                .with("changes", Value.num(link.changes()))
                .with("last_code", Value.text(link.lastCode()))
                .with("last_reason", Value.text(link.lastMessage()));
    }

    private static Value.Obj spool(Optional<Spool.Stats> stats) {
        return stats.map(s -> Value.obj("open", Value.bool(true), "records", Value.num(s.records()))
                        .with("bytes", Value.num(s.bytes()))
                        .with("disk_bytes", Value.num(s.diskBytes()))
                        .with("torn_bytes", Value.num(s.tornBytes()))
                        .with("damaged_records", Value.num(s.damagedRecords()))
                        .with("oldest_age_seconds", Value.num(s.oldestAgeSeconds())))
                .orElse(Value.obj("open", Value.bool(false)));
    }

    private static Value.Obj submissions(SubmissionState submissions) {
        return Value.obj("taken", Value.num(submissions.taken()), "rejected", Value.num(submissions.rejected()))
                .with("waiting", Value.num(submissions.waiting()))
                .with("last_code", Value.text(submissions.lastCode()));
    }

    private static Value.Obj ledger(Snapshot s) {
        PumpState pump = s.pump();
        return Value.obj(
                        "accepted",
                        Value.num(s.outbox().stored() + s.submissions().taken()),
                        "void",
                        Value.num(s.outbox().voided()))
                .with("hand_over", Value.num(s.outbox().waiting()))
                .with("sent", Value.num(pump.sent()))
                .with("done", Value.num(pump.done()))
                .with("waiting", Value.num(pump.waiting()))
                .with("in_flight", Value.num(pump.inFlight()))
                .with("parked", Value.num(pump.parked()))
                .with("resends", Value.num(pump.resend()))
                .with(
                        "last_code",
                        Value.text(pump.lastCode().isEmpty() ? s.outbox().lastCode() : pump.lastCode()));
    }

    private static Value machines(List<MachineService.MachineSummary> machines) {
        return new Value.Arr(machines.stream()
                .<Value>map(m -> Value.obj("name", Value.text(m.name()), "version", Value.text(m.version()))
                        .with("state", Value.text(m.state()))
                        .with("directory", Value.text(m.directory()))
                        .with("load_error", Value.text(m.loadError()))
                        .with("manifest_name", Value.text(m.manifestName())))
                .toList());
    }

    /** All that the document says. */
    record Snapshot(
            String mode,
            String version,
            String identity,
            String customer,
            String site,
            String role,
            Optional<SiteState> led,
            long uptimeSeconds,
            String tokenExpires,
            LinkState link,
            Optional<Spool.Stats> spool,
            OutboxState outbox,
            SubmissionState submissions,
            PumpState pump,
            EnrolmentState enrolment,
            long listSerial,
            List<MachineService.MachineSummary> machines,
            List<String> fallen) {
        public Snapshot {
            machines = List.copyOf(machines);
            fallen = List.copyOf(fallen);
        }
    }
}

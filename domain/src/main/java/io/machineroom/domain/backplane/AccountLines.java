package io.machineroom.domain.backplane;

import io.machineroom.domain.supervision.Service;
import io.machineroom.domain.supervision.Supervisor;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.kv.Slots;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.SignedMark;
import io.machineroom.ports.stream.Subject;
import io.machineroom.ports.transport.Link;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/** The connections to the accounts of the customers, one each. Opened by one task at a time; the rest is safe from any task. */
final class AccountLines {
    private static final System.Logger LOG = System.getLogger(AccountLines.class.getName());

    private final IngestPorts ports;
    private final SiteBook sites;
    private volatile Map<String, Line> lines = Map.of();

    AccountLines(IngestPorts ports, SiteBook sites) {
        this.ports = ports;
        this.sites = sites;
    }

    /** Opens the line of a customer; there is at most one. */
    void open(String customer, Supervisor supervisor, Function<String, Line> maker) {
        if (lines.containsKey(customer)) {
            return;
        }
        Line line = maker.apply(customer);
        Map<String, Line> more = new HashMap<>(lines);
        more.put(customer, line);
        lines = Map.copyOf(more);
        supervisor.start(Service.of("account-" + customer, line));
    }

    /**
     * Gives a receipt to a node, where it may listen; otherwise it takes it from the next HTTPS answer. That of a node of a
     * registered site goes to the leader too, who knows in which account the node listens.
     */
    void send(Origin origin, SignedMark receipt) {
        Line line = lines.get(origin.customer());
        Optional<Link> link = line == null ? Optional.empty() : line.link();
        if (link.isEmpty()) {
            return;
        }
        byte[] body = ports.json()
                .write(Value.obj("text", Value.text(receipt.text()), "signature", Value.text(receipt.signature())));
        publish(link.get(), "machine_room.receipt." + origin.nodeKey(), body);
        sites.of(origin)
                .ifPresent(site ->
                        publish(link.get(), "machine_room.site_receipt." + site.name() + "." + origin.nodeKey(), body));
    }

    private void publish(Link link, String subject, byte[] body) {
        Message message = new Message(
                Subject.of(subject),
                ports.entropy().uuid(),
                Map.of(Message.CONTENT_TYPE, "application/json"),
                ByteBuffer.wrap(body),
                ports.time().wall());
        try {
            link.publish(message);
        } catch (PortException e) {
            LOG.log(System.Logger.Level.DEBUG, "receipt not sent: " + e.code());
        }
    }

    /** The governors of a customer's nodes; unavailable while the line to its account is down. */
    Slots slots(String customer) {
        return Optional.ofNullable(lines.get(customer))
                .flatMap(Line::link)
                .orElseThrow(() -> new PortException.Unavailable(
                        "governor.unreachable", "no line to the account of '" + customer + "' is up"))
                .slots();
    }

    /** Those that are up, by customer. */
    Map<String, Link> up() {
        Map<String, Link> links = new TreeMap<>();
        lines.forEach((customer, line) -> line.link().ifPresent(link -> links.put(customer, link)));
        return links;
    }

    /** Which are up, by customer. */
    Value.Obj status() {
        Value.Obj links = Value.obj();
        for (Map.Entry<String, Line> line : new TreeMap<>(lines).entrySet()) {
            links = links.with(line.getKey(), Value.bool(line.getValue().link().isPresent()));
        }
        return links;
    }
}

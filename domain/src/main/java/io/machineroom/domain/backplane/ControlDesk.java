package io.machineroom.domain.backplane;

import io.machineroom.domain.orchestration.GovernorDesk;
import io.machineroom.ports.PortException;
import io.machineroom.ports.broker.Broker;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.host.ControlSocket;
import io.machineroom.ports.host.HostFiles;
import io.machineroom.ports.kv.Slots;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** Answers the operator's commands over the control socket. */
final class ControlDesk implements ControlSocket.Handler {
    private static final System.Logger LOG = System.getLogger(ControlDesk.class.getName());
    private static final int MAX_LIST = 1 << 20;

    private final FrontOffice office;
    private final Ingest ingest;
    private final EventFeed feed;
    private final NodeList nodes;
    private final SiteDesk sites;
    private final HostFiles host;
    private final Changes changes;

    ControlDesk(FrontOffice office, Ingest ingest, Books books, HostFiles host, Changes changes) {
        this.office = office;
        this.ingest = ingest;
        this.feed = books.feed();
        this.nodes = books.nodes();
        this.sites = new SiteDesk(office.desk(), office.sites());
        this.host = host;
        this.changes = changes;
    }

    /** The running backplane: what it tells, and what it does about a change. */
    interface Changes {
        Value.Obj status();

        /** The governors of a customer's nodes, over the line to its account. */
        Slots slots(String customer);

        /** There is a new customer, on disk already. At the desk. */
        void customer(String name, Broker.Account account);

        /** The staged certificate is to be put in force. At the desk. */
        void certificate();

        /** Waits some seconds until the renewed certificate is shown. */
        void renewed() throws InterruptedException;
    }

    /** What is read from the log. */
    record Books(EventFeed feed, NodeList nodes) {}

    @Override
    public void handle(Value.Obj request, Consumer<Value.Obj> answers) throws InterruptedException {
        switch (request.text("command").orElse("")) {
            case "ping" -> answers.accept(Value.obj("pong", Value.bool(true)));
            case "status" -> answers.accept(changes.status());
            case "nodes" -> nodes(request, answers);
            case "release" -> answers.accept(release(request));
            case "deploy" -> answers.accept(deploy(request));
            case "renew" -> answers.accept(renew(field(request, "issuer")));
            case "customer-key" -> answers.accept(customerKey(field(request, "customer")));
            case "customer-add" -> answers.accept(addCustomer(request));
            case "site-key" -> answers.accept(sites.key(request));
            case "site-add" -> answers.accept(sites.add(request));
            case "site-leader" -> answers.accept(sites.lead(request));
            case "site-standby" -> answers.accept(sites.standBy(request));
            case "site-former" -> answers.accept(sites.former(request));
            case "site-expel" -> answers.accept(sites.expel(request));
            case "site-remove" -> answers.accept(sites.remove(request));
            case "governor" -> governor(request, answers);
            case "events" -> events(request, answers);
            case "ledger" -> ingest.ledger().forEach(row -> answers.accept(row.document()));
            default -> throw new PortException.Refused("control.command", "unknown command");
        }
    }

    private void governor(Value.Obj request, Consumer<Value.Obj> answers) throws InterruptedException {
        String customer = field(request, "customer");
        if (!office.book().customers().contains(customer)) {
            throw new PortException.Refused("governor.customer", "there is no customer '" + customer + "'");
        }
        new GovernorDesk(
                        () -> changes.slots(customer),
                        (turn, holder) -> LOG.log(
                                System.Logger.Level.INFO,
                                "slot {0} of governor {1} was taken from {2}",
                                Long.toString(turn.slot()),
                                turn.governor(),
                                holder))
                .handle(request, answers);
    }

    private void nodes(Value.Obj request, Consumer<Value.Obj> answers) {
        Duration staleAfter =
                request.whole("stale_after").map(Duration::ofSeconds).orElse(NodeList.STALE_AFTER);
        nodes.tell(staleAfter, request.bool("stale").orElse(false), answers);
    }

    private Value.Obj release(Value.Obj request) throws InterruptedException {
        String customer = field(request, "customer");
        String identity = field(request, "identity");
        boolean gone = office.desk().ask(() -> {
            office.sessions().drop(customer, identity);
            return office.register().remove(customer, identity);
        });
        if (!gone) {
            throw new PortException.Refused(
                    "node.absent", "no node '" + identity + "' of customer '" + customer + "' is enrolled");
        }
        return Value.obj("released", Value.text(identity), "customer", Value.text(customer));
    }

    private Value.Obj deploy(Value.Obj request) throws InterruptedException {
        String customer = field(request, "customer");
        if (!office.book().customers().contains(customer)) {
            throw new PortException.Refused("deploy.customer", "there is no customer '" + customer + "'");
        }
        byte[] list = host.read(Path.of(field(request, "list")), MAX_LIST)
                .orElseThrow(() -> new PortException.Refused(
                        "deploy.list",
                        request.text("list").orElse("") + " cannot be read; give the list that sign wrote"));
        boolean unchecked = request.bool("unchecked").orElse(false);
        List<Path> artifacts = request.texts("artifacts").stream().map(Path::of).toList();
        DesiredState.Current now = office.desk().ask(() -> {
            artifacts.forEach(file -> office.artifacts().add(customer, file));
            return office.desired().deploy(customer, list, unchecked);
        });
        return Value.obj("customer", Value.text(customer), "revision", Value.num(now.revision()))
                .with("serial", Value.num(now.serial()))
                .with("checked", Value.bool(now.checked()))
                .with("artifacts", Value.num(artifacts.size()));
    }

    /** Half of adding a customer: the account's key is made here, the operator's is offline. */
    private Value.Obj customerKey(String customer) throws InterruptedException {
        return Value.obj(
                "nkey", Value.text(office.desk().ask(() -> office.book().newAccountKey(customer))));
    }

    private Value.Obj addCustomer(Value.Obj request) throws InterruptedException {
        String customer = field(request, "customer");
        String jwt = field(request, "account");
        Broker.Account account = office.desk().ask(() -> {
            Broker.Account added = office.book().add(customer, jwt);
            changes.customer(customer, added);
            return added;
        });
        return Value.obj("customer", Value.text(customer), "nkey", Value.text(account.nkey()));
    }

    private Value.Obj renew(String issuer) throws InterruptedException {
        office.desk().ask(() -> {
            office.book().renewIssuer(issuer);
            changes.certificate();
            return true;
        });
        changes.renewed();
        return changes.status();
    }

    private void events(Value.Obj request, Consumer<Value.Obj> answers) throws InterruptedException {
        feed.show(
                new EventFeed.Wish(
                        request.text("customer").orElse(""),
                        request.text("node").orElse(""),
                        request.whole("since").orElse(0L),
                        request.bool("follow").orElse(false)),
                answers);
    }

    static String field(Value.Obj request, String name) {
        return request.text(name)
                .orElseThrow(() -> new PortException.Refused("control.command", "field '" + name + "' is missing"));
    }
}

package io.machineroom.domain.backplane;

import io.machineroom.ports.data.Value;
import java.util.Optional;

/** Answers the operator's commands about sites. The changes are errands of the desk. */
final class SiteDesk {
    private final Desk desk;
    private final SiteOffice sites;

    SiteDesk(Desk desk, SiteOffice sites) {
        this.desk = desk;
        this.sites = sites;
    }

    /** Half of adding a site: the account's key is made here, the operator's is offline. */
    Value.Obj key(Value.Obj request) throws InterruptedException {
        SiteOffice.Plan plan = SiteOffice.Plan.of(request);
        return Value.obj("nkey", Value.text(desk.ask(() -> sites.accountKey(plan))));
    }

    Value.Obj add(Value.Obj request) throws InterruptedException {
        SiteOffice.Plan plan = SiteOffice.Plan.of(request);
        String jwt = ControlDesk.field(request, "account");
        return desk.ask(() -> sites.add(plan, jwt)).document();
    }

    Value.Obj lead(Value.Obj request) throws InterruptedException {
        String customer = ControlDesk.field(request, "customer");
        String site = ControlDesk.field(request, "site");
        String leader = ControlDesk.field(request, "leader");
        Optional<String> before = request.text("instead_of");
        return desk.ask(() -> before.isPresent()
                        ? sites.lead(customer, site, leader, before.get())
                        : sites.lead(customer, site, leader))
                .document();
    }

    /** An empty list of standbys takes them away. */
    Value.Obj standBy(Value.Obj request) throws InterruptedException {
        StandbyWish wish = StandbyWish.of(request);
        return desk.ask(() -> sites.standBy(wish)).document();
    }

    /** Half of expelling: the operator's key is offline. */
    Value.Obj former(Value.Obj request) throws InterruptedException {
        String customer = ControlDesk.field(request, "customer");
        String site = ControlDesk.field(request, "site");
        return desk.ask(() -> sites.former(customer, site)).document();
    }

    Value.Obj expel(Value.Obj request) throws InterruptedException {
        String customer = ControlDesk.field(request, "customer");
        String site = ControlDesk.field(request, "site");
        String jwt = ControlDesk.field(request, "account");
        return desk.ask(() -> sites.expel(customer, site, jwt)).document();
    }

    Value.Obj remove(Value.Obj request) throws InterruptedException {
        String customer = ControlDesk.field(request, "customer");
        String site = ControlDesk.field(request, "site");
        return desk.ask(() -> sites.remove(customer, site)).document();
    }
}

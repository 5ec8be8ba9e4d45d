package io.machineroom.domain.replication;

import io.machineroom.ports.broker.Broker;
import io.machineroom.ports.data.Secret;
import java.util.List;

/**
 * What the backplane gave the leader of a site.
 *
 * @param customer whose site it is
 * @param name the site
 * @param host name that its nodes use
 * @param port port of its broker
 * @param gatewayPort port of its gateway
 * @param operatorJwt operator of the SaaS
 * @param systemAccount public key of the system account
 * @param accounts system account and the site's
 * @param userJwt the leader's own user in the site's account
 */
public record SiteCharter(
        String customer,
        String name,
        String host,
        int port,
        int gatewayPort,
        String operatorJwt,
        String systemAccount,
        List<Broker.Account> accounts,
        Secret userJwt) {
    public SiteCharter {
        accounts = List.copyOf(accounts);
    }
}

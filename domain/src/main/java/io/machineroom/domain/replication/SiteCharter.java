package io.machineroom.domain.replication;

import io.machineroom.ports.broker.Broker;
import io.machineroom.ports.broker.BrokerCluster;
import io.machineroom.ports.data.Secret;
import java.util.List;
import java.util.Optional;

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
 * @param cluster the brokers of the site's three places; empty for a site with one place
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
        Secret userJwt,
        Optional<BrokerCluster> cluster) {
    public SiteCharter {
        accounts = List.copyOf(accounts);
    }

    /** On how many brokers what the site keeps lies. */
    int replicas() {
        return cluster.map(BrokerCluster::replicas).orElse(1);
    }

    /** What a certificate is made for; one of a single place is not good for routes. */
    String certified() {
        return name + " " + host + cluster.map(c -> " " + c.name()).orElse("");
    }

    /** The name of a place among those of its site. */
    String place(BrokerCluster of) {
        return name + "-" + of.member();
    }
}

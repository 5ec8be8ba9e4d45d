package io.machineroom.domain.provisioning;

import io.machineroom.ports.broker.Broker;
import io.machineroom.ports.broker.BrokerCluster;
import io.machineroom.ports.data.Secret;
import java.util.List;
import java.util.Optional;

/**
 * What the leader of a site needs to run the site's broker ({@code docs/protocol.md} section 8).
 *
 * @param host name that the nodes of the site use
 * @param port port of the broker, 1 to 65535
 * @param gatewayPort port of the site's gateway, 1 to 65535
 * @param operatorJwt operator of the SaaS
 * @param systemAccount public key of the system account, {@code A…}
 * @param accounts system account and the site's, to preload
 * @param userJwt the leader's own user in the site's account, bound to its NATS user key
 * @param cluster the brokers that keep the site's store together; empty when there is one
 */
public record SiteBroker(
        String host,
        int port,
        int gatewayPort,
        String operatorJwt,
        String systemAccount,
        List<Broker.Account> accounts,
        Secret userJwt,
        Optional<BrokerCluster> cluster) {
    public SiteBroker {
        accounts = List.copyOf(accounts);
    }

    /** The same with another token of the leader's own user. */
    SiteBroker withUser(Secret other) {
        return new SiteBroker(host, port, gatewayPort, operatorJwt, systemAccount, accounts, other, cluster);
    }
}

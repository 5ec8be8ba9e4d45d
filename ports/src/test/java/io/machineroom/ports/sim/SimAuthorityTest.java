package io.machineroom.ports.sim;

import io.machineroom.ports.broker.BrokerAuthority;
import io.machineroom.ports.contract.BrokerAuthorityContract;
import io.machineroom.ports.security.Keyring;

final class SimAuthorityTest extends BrokerAuthorityContract {
    private final SimKeyring keys = new SimKeyring(new SimEntropy(2));

    @Override
    protected BrokerAuthority authority() {
        return new SimAuthority();
    }

    @Override
    protected Keyring keys() {
        return keys;
    }
}

package io.machineroom.domain.agent;

import io.machineroom.ports.data.Value;
import java.util.function.Supplier;

/**
 * What the vendor's build says about itself.
 *
 * @param name name of the agent
 * @param version its version
 * @param contact whom to ask
 * @param help where to read on; may be empty
 * @param signingKey public key of lists of machines, hex; empty when there is none
 * @param moreFacts the vendor's own facts, asked for at each gathering; what it throws leaves them out
 */
public record AgentProfile(
        String name, String version, String contact, String help, String signingKey, Supplier<Value.Obj> moreFacts) {}

package io.machineroom.domain.backplane;

import io.machineroom.ports.data.Value;
import java.util.Map;

/** The vendor's word about a node whose token and proofs are good. Called by the desk; must not wait long. */
public interface EnrolmentPolicy {
    Decision decide(Candidate candidate);

    /**
     * Who asks.
     *
     * @param customer customer of the token
     * @param site site of the token, may be empty
     * @param identity name it wants
     * @param role {@code leader} for who leads its site, otherwise {@code follower}
     * @param inventory what it told about itself; unproven
     */
    record Candidate(String customer, String site, String identity, String role, Value.Obj inventory) {}

    /** What the vendor says. */
    sealed interface Decision {
        /** Yes, with this configuration. */
        record Accept(Map<String, String> configuration) implements Decision {
            public Accept {
                configuration = Map.copyOf(configuration);
            }
        }

        /** Not yet; ask again after that time. */
        record Defer(int seconds, String reason) implements Decision {}

        /** No. */
        record Refuse(String reason) implements Decision {}
    }

    /** Takes everybody with a good token: configuration is identity, site and role, as the register of sites has it. */
    static EnrolmentPolicy acceptAll() {
        return candidate -> new Decision.Accept(Map.of(
                "identity", candidate.identity(),
                "machine_room.site", candidate.site(),
                "machine_room.role", candidate.role()));
    }
}

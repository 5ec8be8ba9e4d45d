package io.machineroom.domain.backplane;

import io.machineroom.ports.security.Signatures;

/** What the gateway and the control socket work with; errands on it run at the desk. */
record FrontOffice(
        Desk desk,
        NodeRegister register,
        Sessions sessions,
        Challenges challenges,
        DesiredState desired,
        Enroller enroller,
        Artifacts artifacts,
        Signatures signatures,
        CharterBook book,
        SiteOffice sites) {
    /** What the customers' nodes read of bucket {@code CONFIG}. */
    DesiredKeys keys() {
        return new DesiredKeys(desired, book.sites());
    }
}

package io.machineroom.architecture.offenders.domainonports.domain.flow;

import java.util.logging.Logger;

final class Logs {
    private static final Logger LOG = Logger.getLogger("flow");

    void log() {
        LOG.info("flow");
    }
}

package io.machineroom.architecture.offenders.domainonports.domain.flow;

import tools.jackson.core.JsonParser;

record ParsesJson(JsonParser json) {}

package io.machineroom.architecture.offenders.portsonjdk.ports.data;

import tools.jackson.core.JsonParser;

interface NamesLibrary {
    JsonParser json();
}

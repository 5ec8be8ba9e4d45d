package io.machineroom.app.wiring;

import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.security.Keyring;
import io.machineroom.ports.security.Signatures;

/** What documents are read, checked and signed with. */
record Books(JsonFormat json, Signatures signatures, Keyring keyring) {}

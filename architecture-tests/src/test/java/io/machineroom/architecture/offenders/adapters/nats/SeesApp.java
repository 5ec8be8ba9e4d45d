package io.machineroom.architecture.offenders.adapters.nats;

import io.machineroom.architecture.offenders.adapters.app.Front;

record SeesApp(Front front) {}

package io.machineroom.architecture.offenders.picture.domain.flow;

import io.machineroom.architecture.offenders.picture.app.Front;

record CallsApp(Front front) {}

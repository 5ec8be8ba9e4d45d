package io.machineroom.architecture.offenders.machinery.app.host;

import io.machineroom.architecture.offenders.machinery.app.config.Keys;

record SeesConfig(Keys keys) {}

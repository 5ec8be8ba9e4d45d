package io.machineroom.architecture.offenders.open.app.host;

abstract class AbstractWithoutReason {}

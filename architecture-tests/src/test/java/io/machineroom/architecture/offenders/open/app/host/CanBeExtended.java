package io.machineroom.architecture.offenders.open.app.host;

class CanBeExtended {}

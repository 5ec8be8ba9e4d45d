package io.machineroom.architecture.offenders.names.app.util;

final class Anything {}

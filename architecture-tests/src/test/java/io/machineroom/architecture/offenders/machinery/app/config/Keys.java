package io.machineroom.architecture.offenders.machinery.app.config;

public final class Keys {}

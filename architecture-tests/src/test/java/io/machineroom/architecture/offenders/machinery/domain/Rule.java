package io.machineroom.architecture.offenders.machinery.domain;

public final class Rule {}

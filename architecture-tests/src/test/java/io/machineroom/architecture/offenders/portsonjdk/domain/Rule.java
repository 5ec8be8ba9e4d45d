package io.machineroom.architecture.offenders.portsonjdk.domain;

public final class Rule {}

package io.machineroom.architecture.offenders.adapters.domain;

public final class Rule {}

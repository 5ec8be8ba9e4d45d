package io.machineroom.architecture.offenders.adapters.http;

public final class Gate {}

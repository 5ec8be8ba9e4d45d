package io.machineroom.architecture.offenders.doors.http;

public final class HttpModule {}

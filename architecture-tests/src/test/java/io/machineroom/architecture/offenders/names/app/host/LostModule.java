package io.machineroom.architecture.offenders.names.app.host;

final class LostModule {}

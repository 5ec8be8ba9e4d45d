package io.machineroom.architecture.offenders.picture.app;

import io.machineroom.architecture.offenders.picture.chronicle.Spool;

record NamesChronicle(Spool spool) {}

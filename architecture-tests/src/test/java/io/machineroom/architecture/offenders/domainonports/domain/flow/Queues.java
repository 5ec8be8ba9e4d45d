package io.machineroom.architecture.offenders.domainonports.domain.flow;

import java.util.concurrent.BlockingQueue;

record Queues(BlockingQueue<String> queue) {}

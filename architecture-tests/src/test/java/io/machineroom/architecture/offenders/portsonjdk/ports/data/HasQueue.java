package io.machineroom.architecture.offenders.portsonjdk.ports.data;

import java.util.concurrent.BlockingQueue;

interface HasQueue {
    BlockingQueue<String> queue();
}

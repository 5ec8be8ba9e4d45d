package io.machineroom.app.wiring;

import io.machineroom.ports.host.FileTree;

/** The three folders of an agent. */
record Places(FileTree config, FileTree storage, FileTree machines) {}

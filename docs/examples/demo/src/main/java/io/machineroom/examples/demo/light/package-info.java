/**
 * Nodes that are nothing but their protocol: some hundred thousand bytes each instead of a process, so that one machine can play a site of
 * thousands. They enrol, connect, send events with the headers of {@code docs/protocol.md}, keep what has no receipt and send it again. They
 * run no machines, keep nothing on disk and do not verify receipts: they are a load, not an agent.
 */
@NullMarked
package io.machineroom.examples.demo.light;

import org.jspecify.annotations.NullMarked;

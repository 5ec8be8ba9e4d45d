package io.machineroom.app.graph;

import io.machineroom.app.config.AgentOptions;
import io.machineroom.app.config.ConfigSource;

/** Makes the objects of one agent; usually the {@code create} method of a Dagger component's factory. */
@FunctionalInterface
public interface GraphFactory {
    AgentGraph create(AgentOptions options, ConfigSource source);
}

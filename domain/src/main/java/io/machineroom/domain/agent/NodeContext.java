package io.machineroom.domain.agent;

import io.machineroom.domain.event.Events;
import io.machineroom.domain.event.Outgoing;
import io.machineroom.domain.provisioning.Enrolment;
import io.machineroom.domain.watcher.CoreMessages;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.kv.Bucket;
import io.machineroom.ports.kv.Slots;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.transport.Endpoint;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What an enrolled node gives to those who run on it.
 *
 * @param events catalogue in the name of this node
 * @param out takes events; never blocks
 * @param buckets desired state over whichever link is up; {@code Unavailable} while none is
 * @param messages messages that nobody keeps, over whichever link is up
 * @param slots governors of the site, or of the customer where there is no site; {@code Unavailable} while no link is up
 * @param gateway the gateway with this node's session, for artifacts; empty without one
 * @param facts the newest facts; safe from any task
 * @param refreshFacts gathers and writes the facts anew; throws {@code facts.failed} when it cannot
 */
public record NodeContext(
        AgentSettings settings,
        Enrolment enrolment,
        Events events,
        Consumer<Outgoing> out,
        Function<String, Bucket> buckets,
        CoreMessages messages,
        Supplier<Slots> slots,
        Optional<Endpoint> gateway,
        Supplier<Value.Obj> facts,
        Tasks.Body refreshFacts) {}

package io.machineroom.nats;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.kv.Slots;
import io.nats.client.JetStreamApiException;
import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Governors as Choria has them: a stream that refuses what is too much, one message a slot. Asked by hand, because a node may
 * use a few calls of the JetStream API only, and is to hear at once that it may not use another. Safe from any task.
 */
final class NatsSlots implements Slots {
    private static final Duration ENTER = Duration.ofSeconds(1);
    private static final int MOST_VIEWED = 10_000;

    private final NatsRequests requests;
    private final GovernorApi api;

    NatsSlots(NatsRequests requests, JsonFormat json) {
        this.requests = requests;
        this.api = new GovernorApi(requests, json);
    }

    private static String subject(String governor) {
        return "choria.governor." + named(governor);
    }

    private static String stream(String governor) {
        return "GOVERNOR_" + named(governor);
    }

    private static String named(String governor) {
        if (!Rules.isName(governor)) {
            throw new PortException.Refused(
                    "governor.name", "'" + governor + "' is no name of a governor: letters, digits, - and _ only");
        }
        return governor;
    }

    @Override
    public Optional<Long> enter(String governor, String holder, String attempt) throws InterruptedException {
        Headers headers = new Headers();
        headers.put(NatsMessages.MESSAGE_ID, attempt);
        byte[] body = holder.getBytes(StandardCharsets.UTF_8);
        try {
            return Optional.of(
                    StreamAck.read(requests.ask(new NatsMessage(subject(governor), null, headers, body), ENTER))
                            .getSeqno());
        } catch (JetStreamApiException e) {
            if (e.getApiErrorCode() == GovernorApi.FULL) {
                return Optional.empty();
            }
            throw GovernorApi.unreachable(governor, e);
        } catch (NatsRequests.NobodyException e) {
            // no such stream, or a server that has not found its streams yet: it is asked which
            throw look(governor).isEmpty() ? GovernorApi.unknown(governor) : GovernorApi.unreachable(governor, e);
        } catch (NatsRequests.DeniedException e) {
            throw GovernorApi.denied("enter '" + governor + "'", e);
        } catch (IOException | TimeoutException e) {
            throw GovernorApi.unreachable(governor, e);
        }
    }

    @Override
    public boolean leave(String governor, long slot) throws InterruptedException {
        return delete(governor, slot, true);
    }

    private boolean delete(String governor, long slot, boolean keepBytes) throws InterruptedException {
        Value.Obj which = Value.obj("seq", Value.num(slot), "no_erase", Value.bool(keepBytes));
        GovernorApi.Answer answer = api.call("STREAM.MSG.DELETE." + stream(governor), which);
        if (answer.failed() && !answer.saysGone()) {
            throw answer.fault(governor);
        }
        return !answer.failed();
    }

    @Override
    public Optional<Standing> look(String governor) throws InterruptedException {
        GovernorApi.Answer answer = api.call("STREAM.INFO." + stream(governor), Value.obj());
        if (answer.code() == NatsFaults.NO_STREAM) {
            return Optional.empty();
        }
        Value.Obj config = answer.orFault(governor).obj("config").orElse(Value.obj());
        Value.Obj state = answer.document().obj("state").orElse(Value.obj());
        Rules rules = new Rules(
                governor,
                Math.clamp(config.whole("max_msgs").orElse(-1L), 1, Rules.MOST_SLOTS),
                Duration.ofNanos(Math.max(0, config.whole("max_age").orElse(0L))),
                Math.clamp(config.whole("num_replicas").orElse(1L), 1, 5));
        long last = state.whole("last_seq").orElse(0L);
        return Optional.of(new Standing(
                rules,
                state.whole("messages").orElse(0L),
                last == 0 ? null : time(state.text("last_ts").orElse(""))));
    }

    private static @Nullable Instant time(String text) {
        try {
            return text.startsWith("0001-") ? null : Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new PortException.Unavailable("governor.unreachable", "the server tells no time: " + text, e);
        }
    }

    @Override
    public List<String> names() throws InterruptedException {
        return new GovernorList(api).names();
    }

    @Override
    public List<Slot> view(String governor) throws InterruptedException {
        List<Slot> out = new ArrayList<>();
        long from = 1;
        while (out.size() < MOST_VIEWED) {
            Value.Obj next = Value.obj("seq", Value.num(from), "next_by_subj", Value.text(subject(governor)));
            GovernorApi.Answer answer = api.call("STREAM.MSG.GET." + stream(governor), next);
            if (answer.saysNoMessage()) {
                break;
            }
            Slot slot = slot(answer.orFault(governor).obj("message").orElse(Value.obj()));
            out.add(slot);
            from = slot.number() + 1;
        }
        return out;
    }

    private static Slot slot(Value.Obj message) {
        Instant since = time(message.text("time").orElse(""));
        return new Slot(
                message.whole("seq").orElse(0L),
                new String(Base64.getDecoder().decode(message.text("data").orElse("")), StandardCharsets.UTF_8),
                since == null ? Instant.EPOCH : since);
    }

    @Override
    public void ensure(Rules rules) throws InterruptedException {
        new GovernorMaking(api, rules, stream(rules.name()), subject(rules.name())).make();
    }

    @Override
    public String evict(String governor, long slot) throws InterruptedException {
        GovernorApi.Answer found = api.call("STREAM.MSG.GET." + stream(governor), Value.obj("seq", Value.num(slot)));
        if (found.saysNoMessage()) {
            throw noSlot(governor, slot);
        }
        Slot held = slot(found.orFault(governor).obj("message").orElse(Value.obj()));
        if (!delete(governor, slot, false)) {
            throw noSlot(governor, slot);
        }
        return held.holder();
    }

    private static PortException.Refused noSlot(String governor, long slot) {
        return new PortException.Refused(
                "governor.no-slot", "nobody holds slot " + slot + " of governor '" + governor + "'");
    }

    @Override
    public void reset(String governor) throws InterruptedException {
        api.call("STREAM.PURGE." + stream(governor), Value.obj()).orFault(governor);
    }

    @Override
    public boolean delete(String governor) throws InterruptedException {
        GovernorApi.Answer answer = api.call("STREAM.DELETE." + stream(governor), Value.obj());
        if (answer.code() == NatsFaults.NO_STREAM) {
            return false;
        }
        answer.orFault(governor);
        return true;
    }

    @Override
    public List<Closed> closed() throws InterruptedException {
        return new GovernorList(api).closed();
    }

    @Override
    public boolean open(Closed left) throws InterruptedException {
        GovernorApi.Answer there = api.call("STREAM.INFO." + stream(left.governor()), Value.obj());
        if (there.code() == NatsFaults.NO_STREAM) {
            return false;
        }
        Value.Obj config = there.orFault(left.governor()).obj("config").orElse(Value.obj());
        if (!GovernorDoor.isClosed(config) || !GovernorDoor.change(config).equals(left.change())) {
            return false;
        }
        api.call("STREAM.UPDATE." + stream(left.governor()), GovernorDoor.open(config))
                .orFault(left.governor());
        return true;
    }
}

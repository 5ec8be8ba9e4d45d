package io.machineroom.domain.watcher;

import static io.machineroom.domain.watcher.Bench.obj;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.kv.Bucket;
import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.Subject;
import io.machineroom.ports.transport.Link;
import io.machineroom.ports.watcher.Outcome;
import io.machineroom.ports.watcher.Watcher;
import io.machineroom.ports.watcher.Watcher.Trigger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class KvWatcherTest {
    private static final String PLAIN = "{'bucket':'PLUGINS','key':'machines','bucket_prefix':false";

    private final Bench bench = new Bench();
    private final TestBucket bucket = new TestBucket();
    private final KvWatcher.Type type = new KvWatcher.Type();

    KvWatcherTest() {
        bench.interval = Duration.ofSeconds(10);
        bench.buckets.put("PLUGINS", bucket);
    }

    private Watcher watcher(String more) {
        Watcher watcher = bench.make(type, PLAIN + more + "}");
        assertTrue(
                bench.properties.faults().isEmpty(), bench.properties.faults().toString());
        return watcher;
    }

    private String poll(Watcher watcher) {
        return bench.ask(watcher, Trigger.INTERVAL).detail();
    }

    @Test
    void b068AndB072AnObjectIsReadWhateverIsAroundIt() {
        bucket.set("machines", "{\"spec\": \"foo\"}\n", 1);
        assertEquals("changed", poll(watcher("")));
        assertEquals(obj("{'machines':{'spec':'foo'}}"), bench.data);
        bucket.set("machines", " \t\n{\"spec\": \"bar\"}\n \t", 2);
        assertEquals("changed", poll(watcher("")));
        assertEquals(obj("{'machines':{'spec':'bar'}}"), bench.data);
    }

    @Test
    void b070AStoreKeyReplacesTheKey() {
        bucket.set("machines", "\n{\"spec\": \"foo\"}\n", 1);
        bench.data = obj("{'key':{'spec':'foo'}}");
        Watcher watcher = watcher(",'store_key':'key'");
        assertEquals("unchanged", poll(watcher));
        bench.data = obj("{'key':1}");
        assertEquals("changed", poll(watcher(",'store_key':'key'")));
        assertEquals(obj("{'key':{'spec':'foo'}}"), bench.data);
    }

    @Test
    void b071AQueryTakesAPart() {
        bucket.set("machines", "{\"spec\": \"foo\"}", 1);
        poll(watcher(",'query':'spec'"));
        assertEquals(obj("{'machines':'foo'}"), bench.data);
    }

    @Test
    void b074AnOverrideForAnotherNodeIsNotTaken() {
        bench.facts = obj("{'fqdn':'ginkgo.example.net'}");
        bucket.set(
                "machines",
                "{\"hierarchy\":{\"order\":[\"fqdn:{{lookup('facts.fqdn')}}\"]},\"data\":{\"test\":\"value\"},"
                        + "\"overrides\":{\"fqdn:other.example.net\":{\"test\":\"override\"}}}",
                1);
        poll(watcher(",'hiera_config':true"));
        assertEquals(obj("{'machines':{'test':'value'}}"), bench.data);
    }

    @Test
    void theBucketIsInTheDataKeyUnlessItShallNotBe() {
        bucket.set("a.b", "text", 1);
        bench.facts = obj("{'k':'b'}");
        poll(bench.make(type, "{'bucket':'PLUGINS','key':'a.{{ lookup \\'facts.k\\' \\'x\\' }}'}"));
        assertEquals("text", bench.data.text("PLUGINS_a.b").orElseThrow());
        assertEquals("bucket is required", bench.fault(type, "{'key':'x'}"));
        assertEquals("poll mode requires a key", bench.fault(type, "{'bucket':'x'}"));
        assertEquals("mode should be 'poll' or 'watch'", bench.fault(type, "{'bucket':'x','mode':'y','key':'k'}"));
    }

    @Test
    void decidesAsTheTableSays() {
        Watcher plain = watcher("");
        assertEquals("unchanged", poll(plain));
        bucket.set("machines", "[1,2]", 1);
        assertEquals("changed", poll(plain));
        bucket.set("machines", "[1,2]", 2);
        assertEquals("unchanged", poll(plain));
        bucket.drop("machines");
        assertEquals("changed", poll(plain));
        assertEquals(obj("{}"), bench.data);
        bucket.set("machines", "v", 3);
        Watcher updates = watcher(",'on_matching_update':true");
        assertEquals("changed", poll(updates));
        assertEquals("unchanged", poll(updates));
        bucket.set("machines", "v", 4);
        assertEquals("changed", poll(updates));
        Watcher gets = watcher(",'on_successful_get':true");
        assertEquals("changed", poll(gets));
        assertEquals("changed", poll(gets));
    }

    @Test
    void aChangeOfStateDoesNotPollTwiceWithinAnInterval() {
        bucket.set("machines", "v", 1);
        Watcher watcher = watcher("");
        bench.ask(watcher, Trigger.START);
        bench.ask(watcher, Trigger.STATE_CHANGED);
        assertEquals(1, bucket.gets);
        bench.tasks.advance(Duration.ofMillis(9_600));
        bench.ask(watcher, Trigger.STATE_CHANGED);
        assertEquals(2, bucket.gets);
    }

    @Test
    void w24NumbersSurviveARestart() {
        bucket.set("machines", "{\"data\":{\"n\":1,\"m\":2.0}}", 1);
        assertEquals("changed", poll(watcher(",'hiera_config':true")));
        bench.data = (Value.Obj) bench.json.read(bench.json.write(bench.data));
        assertEquals("unchanged", poll(watcher(",'hiera_config':true")));
    }

    @Test
    void w24BrokenJsonChangesNothing() {
        bucket.set("machines", "{\"a\": }", 1);
        bench.data = obj("{'machines':1}");
        Watcher watcher = watcher("");
        Outcome.Failed first = assertInstanceOf(Outcome.Failed.class, bench.ask(watcher, Trigger.INTERVAL));
        assertTrue(first.announce() && first.fire());
        assertFalse(bench.ask(watcher, Trigger.INTERVAL).announce());
        assertEquals(obj("{'machines':1}"), bench.data);
        assertEquals(List.of("kv_rejected"), bench.published);
    }

    @Test
    void w24AQueryWithoutResultCountsAsAMissingKey() {
        bucket.set("machines", "{\"a\": 1}", 1);
        Watcher watcher = watcher(",'query':'spec'");
        assertEquals("unchanged", poll(watcher));
        assertEquals(obj("{}"), bench.data);
    }

    @Test
    void w24BeforeTheFirstPollNothingIsWrong() {
        assertEquals("skipped", watcher("").state().text("state").orElseThrow());
    }

    @Test
    void w24ChangesAreEvents() {
        bucket.set("machines", "v", 1);
        assertTrue(bench.ask(watcher(""), Trigger.INTERVAL).announce());
    }

    @Test
    void w24WhatWasTakenOutOfTheDataIsPutBack() {
        bucket.set("machines", "v", 1);
        Watcher watcher = watcher("");
        poll(watcher);
        bench.data = obj("{}");
        assertEquals("changed", poll(watcher));
        assertEquals("v", bench.data.text("machines").orElseThrow());
    }

    @Test
    void w24WatchModeIsWokenByChanges() {
        Watcher watcher = watcher(",'mode':'watch'");
        assertEquals(
                "{\"state\":\"skipped\",\"bucket\":\"PLUGINS\",\"key\":\"machines\",\"mode\":\"watch\"}",
                bench.text(watcher.state()));
        poll(watcher);
        bucket.watches.get("machines").offer(new Bucket.Entry("machines", new byte[0], 1, false));
        assertEquals(1, bench.wakes);
        bucket.set("machines", "v", 1);
        assertEquals("changed", bench.ask(watcher, Trigger.WOKEN).detail());
        watcher.close();
        assertEquals(Map.of(), bucket.watches);
    }

    @Test
    void aRepublishedUpdateIsAWakeUp() {
        List<Mailbox<Message>> ears = new ArrayList<>();
        bench.ports.put(CoreMessages.class, new CoreMessages() {
            @Override
            public void publish(Message message) {
                throw new PortException.Refused("link.unsupported", "not here");
            }

            @Override
            public Link.Subscription subscribe(Subject pattern, Mailbox<Message> into) {
                assertEquals("acme.republish.machines", pattern.text());
                ears.add(into);
                return ears::clear;
            }
        });
        bench.facts = obj("{'org':'acme'}");
        Watcher watcher = watcher(",'republish_trigger':'{{ lookup \\'facts.org\\' \\'x\\' }}.republish.machines'");
        poll(watcher);
        ears.getFirst()
                .offer(new Message(
                        Subject.of("acme.republish.machines"),
                        "1",
                        Map.of(),
                        ByteBuffer.wrap("v".getBytes(StandardCharsets.UTF_8)),
                        bench.time().wall()));
        assertEquals(1, bench.wakes);
        watcher.close();
        assertEquals(List.of(), ears);
    }

    @Test
    void withoutLinkItFails() {
        bucket.linked = false;
        Outcome.Failed away = assertInstanceOf(Outcome.Failed.class, bench.ask(watcher(""), Trigger.INTERVAL));
        assertEquals("bucket.unreachable: no link", away.reason());
        assertTrue(away.fire());
    }
}

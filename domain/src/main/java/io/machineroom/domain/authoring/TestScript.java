package io.machineroom.domain.authoring;

import io.machineroom.ports.data.Value;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What {@code machine.test.yaml} says: the world in which a machine is rehearsed, and what is to come of it.
 *
 * @param start wall time at the beginning
 * @param seed decides what is drawn
 * @param length how long it lasts at least
 * @param facts facts at the beginning
 * @param data data of the first machine at the beginning
 * @param commands what commands do; the first that fits counts
 * @param keys keys of buckets at the beginning
 * @param files files at the beginning, by path
 * @param governors how governors are at the beginning; free where nothing is said
 * @param steps what happens and is expected, in order of time
 */
record TestScript(
        Instant start,
        long seed,
        Duration length,
        Value.Obj facts,
        Value.Obj data,
        List<Command> commands,
        Map<String, Value> keys,
        Map<String, String> files,
        Map<String, ScriptedSlots.Standing> governors,
        List<Step> steps) {
    TestScript {
        commands = List.copyOf(commands);
        keys = Map.copyOf(keys);
        files = Map.copyOf(files);
        governors = Map.copyOf(governors);
        steps = List.copyOf(steps);
    }

    /**
     * What a command does.
     *
     * @param match part of the command line; empty fits all
     * @param watcher name of the watcher that runs it; empty fits all
     * @param results one after the other, the last for ever
     */
    record Command(String match, String watcher, List<Result> results) {
        Command {
            results = List.copyOf(results);
        }
    }

    /**
     * One result.
     *
     * @param exit exit code
     * @param output standard output
     * @param takes how long it runs
     * @param times how often before the next
     */
    record Result(int exit, byte[] output, Duration takes, long times) {}

    /**
     * Something at a time.
     *
     * @param at since the beginning
     * @param machine which machine; empty for the first
     * @param what what happens
     * @param line line in the file
     */
    record Step(Duration at, String machine, What what, int line) {}

    /** What happens in a step. */
    sealed interface What {}

    /** Somebody fires a transition. */
    record Fire(String transition) implements What {}

    /** Facts change: these keys are set. */
    record Facts(Value.Obj facts) implements What {}

    /** A key of a bucket is set, named {@code bucket/key}. */
    record Put(String key, Value value) implements What {}

    /** A file is written. */
    record Write(String path, String text) implements What {}

    /** A governor becomes free, full or missing. */
    record Governor(String name, ScriptedSlots.Standing standing) implements What {}

    /** A file is removed. */
    record Remove(String path) implements What {}

    /** A key of a bucket is deleted. */
    record Delete(String key) implements What {}

    /**
     * How it should be by then.
     *
     * @param state state of the machine; empty for any
     * @param data keys of its data and their values
     * @param moves number of its transitions so far; negative for any
     * @param runs how often a command ran so far, by what it matches
     */
    record Expect(String state, Value.Obj data, long moves, Map<String, Long> runs) implements What {
        Expect {
            runs = Map.copyOf(runs);
        }
    }
}

package io.machineroom.domain.authoring;

import io.machineroom.ports.data.Value;
import io.machineroom.ports.security.VerifyKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What {@code machine.test.yaml} says: the world in which a machine is rehearsed, and what is to come of it.
 *
 * @param start wall time at the beginning
 * @param seed decides what is drawn
 * @param length how long it lasts at least
 * @param facts facts at the beginning
 * @param data data of the first machine at the beginning
 * @param commands what commands do; the first that fits counts
 * @param downloads what downloads bring; the first that fits counts
 * @param signingKey the machine signing key of the build, if any
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
        List<Download> downloads,
        Optional<VerifyKey.Ed25519> signingKey,
        Map<String, Value> keys,
        Map<String, String> files,
        Map<String, ScriptedSlots.Standing> governors,
        List<Step> steps) {
    TestScript {
        commands = List.copyOf(commands);
        downloads = List.copyOf(downloads);
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
     * What a download brings.
     *
     * @param match part of the URL; empty fits all
     * @param answers one after the other, the last for ever
     */
    record Download(String match, List<Answer> answers) {
        Download {
            answers = List.copyOf(answers);
        }
    }

    /**
     * One answer.
     *
     * @param takes how long it takes
     * @param times how often before the next
     */
    record Answer(Brought body, Duration takes, long times) {}

    /** What a download comes to. */
    sealed interface Brought {}

    /** A file, relative to the first machine. */
    record Archive(String file) implements Brought {}

    /** A text where a file was wanted. */
    record Body(String text) implements Brought {}

    /** An HTTP status. */
    record Status(int status) implements Brought {}

    /** Nobody answers. */
    record NoServer() implements Brought {}

    /** The answer breaks off. */
    record Broken() implements Brought {}

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

    /** Somebody presses a switch. */
    record Press(String watcher, boolean on) implements What {}

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
     * @param counts how often things happened so far
     * @param outcomes what watchers found last, by name
     */
    record Expect(String state, Value.Obj data, long moves, List<Count> counts, Map<String, String> outcomes)
            implements What {
        Expect {
            counts = List.copyOf(counts);
            outcomes = Map.copyOf(outcomes);
        }
    }

    /** How often something happened. */
    record Count(Counted what, String name, long times) {}

    /** What is counted. */
    enum Counted {
        /** Commands, by what they match. */
        RUNS("ran"),
        /** Downloads, by what they match. */
        DOWNLOADS("was asked for"),
        /** Events of this product, by kind. */
        EVENTS("was told");

        private final String verb;

        Counted(String verb) {
            this.verb = verb;
        }

        /** For sentences: something did this so many times. */
        String verb() {
            return verb;
        }
    }
}

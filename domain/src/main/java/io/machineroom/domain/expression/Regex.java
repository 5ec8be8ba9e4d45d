package io.machineroom.domain.expression;

import io.machineroom.domain.expression.RegexNode.CharSet;
import io.machineroom.domain.expression.RegexNode.Place;
import io.machineroom.ports.PortException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A regular expression of the RE2 kind, asked only whether it matches somewhere. All ways through it are followed at the
 * same time, so that the time is at most the product of both lengths, whatever the expression is. Immutable; shareable.
 *
 * <p>There are no references and no looking around; classes by letters ({@code \d \w \s \b}) are ASCII.
 */
public final class Regex {
    /** Longest expression, in characters. */
    public static final int MAX_LENGTH = 4096;

    private static final int MAX_SIZE = 20_000;

    private final List<Step> steps = new ArrayList<>();

    private Regex(RegexNode node, String code) {
        compile(node, code);
        add(new Step(null, null, -1, -1), code);
    }

    /**
     * One step: takes a character, is at a place, or goes on at one or two others; the last one is the match.
     *
     * @param next where it goes on, -1 for the next one
     * @param other where it goes on as well, -1 for nowhere
     */
    private record Step(@Nullable CharSet set, @Nullable Place place, int next, int other) {}

    /**
     * Reads an expression.
     *
     * @throws PortException.Refused {@code expression.invalid} with the words of the original
     */
    public static Regex parse(String text) {
        return parse(text, "expression.invalid");
    }

    static Regex parse(String text, String code) {
        if (text.length() > MAX_LENGTH) {
            throw new PortException.Refused(code, "error parsing regexp: expression too large");
        }
        return new Regex(new RegexParser(text, code).parse(), code);
    }

    private void add(Step step, String code) {
        if (steps.size() >= MAX_SIZE) {
            throw new PortException.Refused(code, "error parsing regexp: expression too large");
        }
        steps.add(step);
    }

    private void compile(RegexNode node, String code) {
        switch (node) {
            case RegexNode.One one -> add(new Step(one.set(), null, -1, -1), code);
            case RegexNode.At at -> add(new Step(null, at.place(), -1, -1), code);
            case RegexNode.All all -> all.parts().forEach(part -> compile(part, code));
            case RegexNode.Either either -> either(either.parts(), code);
            case RegexNode.Times times -> times(times, code);
        }
    }

    private void either(List<RegexNode> parts, String code) {
        List<Integer> exits = new ArrayList<>();
        for (int i = 0; i < parts.size() - 1; i++) {
            int fork = steps.size();
            add(fork(0, 0), code);
            compile(parts.get(i), code);
            exits.add(steps.size());
            add(fork(0, -1), code);
            steps.set(fork, fork(fork + 1, steps.size()));
        }
        compile(parts.getLast(), code);
        exits.forEach(exit -> steps.set(exit, fork(steps.size(), -1)));
    }

    private void times(RegexNode.Times times, String code) {
        for (int i = 0; i < times.least(); i++) {
            compile(times.part(), code);
        }
        if (times.most() < 0) {
            int fork = steps.size();
            add(fork(0, 0), code);
            compile(times.part(), code);
            add(fork(fork, -1), code);
            steps.set(fork, fork(fork + 1, steps.size()));
            return;
        }
        List<Integer> forks = new ArrayList<>();
        for (int i = times.least(); i < times.most(); i++) {
            forks.add(steps.size());
            add(fork(0, 0), code);
            compile(times.part(), code);
        }
        forks.forEach(fork -> steps.set(fork, fork(fork + 1, steps.size())));
    }

    private static Step fork(int next, int other) {
        return new Step(null, null, next, other);
    }

    /**
     * Whether it matches somewhere in a text.
     *
     * @throws PortException.Refused {@code expression.failed} when that would take too many steps
     */
    public boolean find(String text) {
        return find(text, new Budget("expression.failed"));
    }

    boolean find(String text, Budget budget) {
        int[] given = text.codePoints().toArray();
        Threads now = new Threads(steps.size());
        Threads then = new Threads(steps.size());
        for (int at = 0; at <= given.length; at++) {
            if (now.follow(0, given, at)) {
                return true;
            }
            budget.spend(1 + now.size / 16);
            if (at == given.length) {
                return false;
            }
            then.clear();
            for (int i = 0; i < now.size; i++) {
                CharSet set = steps.get(now.takers[i]).set();
                if (set != null && set.has(given[at]) && then.follow(now.takers[i] + 1, given, at + 1)) {
                    return true;
                }
            }
            Threads free = now;
            now = then;
            then = free;
        }
        return false;
    }

    /** The steps that are reached before a character. */
    private final class Threads {
        private final int[] takers;
        private final int[] stack;
        private final boolean[] seen;
        private int size;

        Threads(int most) {
            takers = new int[most];
            stack = new int[2 * most + 2];
            seen = new boolean[most];
        }

        void clear() {
            size = 0;
            java.util.Arrays.fill(seen, false);
        }

        /** Whether the match is reached. */
        boolean follow(int from, int[] given, int at) {
            int top = 0;
            stack[top++] = from;
            while (top > 0) {
                int index = stack[--top];
                if (seen[index]) {
                    continue;
                }
                seen[index] = true;
                Step step = steps.get(index);
                if (index == steps.size() - 1) {
                    return true;
                }
                if (step.set() != null) {
                    takers[size++] = index;
                } else if (step.place() != null) {
                    top = push(top, is(step.place(), given, at) ? index + 1 : -1);
                } else {
                    top = push(push(top, step.other()), step.next());
                }
            }
            return false;
        }

        private int push(int top, int index) {
            if (index < 0) {
                return top;
            }
            stack[top] = index;
            return top + 1;
        }
    }

    private static boolean is(Place place, int[] given, int at) {
        return switch (place) {
            case TEXT_START -> at == 0;
            case TEXT_END -> at == given.length;
            case LINE_START -> at == 0 || given[at - 1] == '\n';
            case LINE_END -> at == given.length || given[at] == '\n';
            case WORD_EDGE -> edge(given, at);
            case NO_WORD_EDGE -> !edge(given, at);
        };
    }

    private static boolean edge(int[] given, int at) {
        boolean before = at > 0 && RegexSets.WORD.has(given[at - 1]);
        boolean behind = at < given.length && RegexSets.WORD.has(given[at]);
        return before != behind;
    }
}

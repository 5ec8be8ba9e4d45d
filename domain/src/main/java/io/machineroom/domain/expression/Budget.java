package io.machineroom.domain.expression;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;

/**
 * How much one evaluation may still do. Texts come from manifests and facts from anywhere, so that no evaluation may
 * take the time or the memory of the agent. One task uses it.
 */
final class Budget {
    /** Elementary steps; some tens of milliseconds. */
    static final long STEPS = 1_000_000;

    /** Characters of one text, and of all output of a template. */
    static final int CHARACTERS = 4 * 1024 * 1024;

    private final String code;
    private final long limit;
    private long left;

    /** With the code of the refusal when it is used up. */
    Budget(String code) {
        this(code, STEPS);
    }

    Budget(String code, long steps) {
        this.code = code;
        this.limit = steps;
        this.left = steps;
    }

    /**
     * Takes steps.
     *
     * @throws PortException.Refused when there are no more
     */
    void spend(long steps) {
        left -= steps;
        if (left < 0) {
            throw new PortException.Refused(code, "more than " + limit + " steps");
        }
    }

    /** Takes the steps that a look at every part of a value takes: parts may be shared, so that it is more than it is big. */
    void weigh(Value value) {
        spend(1);
        switch (value) {
            case Value.Arr list -> list.items().forEach(this::weigh);
            case Value.Obj fields -> fields.fields().values().forEach(this::weigh);
            case Value.Text text -> spend(text.value().length() / 64);
            case Value.Nil nil -> {}
            case Value.Bool bool -> {}
            case Value.Num num -> {}
        }
    }

    /**
     * Takes the steps for making a text.
     *
     * @return its length
     * @throws PortException.Refused when it is too long
     */
    int length(long characters) {
        if (characters > CHARACTERS) {
            throw new PortException.Refused(code, "a text of more than " + CHARACTERS + " characters");
        }
        spend(1 + characters / 8);
        return (int) characters;
    }

    /**
     * Takes the step that adds to a text.
     *
     * @param characters how long it is by now
     * @throws PortException.Refused when it is too long
     */
    void grown(long characters) {
        if (characters > CHARACTERS) {
            throw new PortException.Refused(code, "a text of more than " + CHARACTERS + " characters");
        }
        spend(1);
    }
}

package io.machineroom.domain.expression;

import java.util.List;

/** A part of a regular expression. */
sealed interface RegexNode {
    /** One character out of a set. */
    record One(CharSet set) implements RegexNode {}

    /** One behind the other; none is the empty text. */
    record All(List<RegexNode> parts) implements RegexNode {}

    /** One of several. */
    record Either(List<RegexNode> parts) implements RegexNode {}

    /**
     * The same several times.
     *
     * @param most -1 for any number
     */
    record Times(RegexNode part, int least, int most) implements RegexNode {}

    /** A place, which takes no character. */
    record At(Place place) implements RegexNode {}

    /** A set of characters. */
    interface CharSet {
        boolean has(int c);
    }

    /** Where a match may be. */
    enum Place {
        TEXT_START,
        TEXT_END,
        LINE_START,
        LINE_END,
        WORD_EDGE,
        NO_WORD_EDGE
    }
}

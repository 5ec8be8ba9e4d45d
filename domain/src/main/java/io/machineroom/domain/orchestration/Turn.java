package io.machineroom.domain.orchestration;

/**
 * What happened to one wish for a slot.
 *
 * @param kind what
 * @param governor its name
 * @param slot the number of the slot; 0 for none
 */
public record Turn(Kind kind, String governor, long slot) {
    /** Kinds, with the word that Choria has for each. */
    public enum Kind {
        /** A slot was taken. */
        ENTER("enter"),
        /** A slot is about to be given back. */
        EXIT("exit"),
        /** There was no slot in time, or no governor. */
        TIMEOUTS("timeouts"),
        /** Somebody took a slot away. */
        EVICTION("eviction");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        /** {@code event_type} of the life-cycle event. */
        public String word() {
            return word;
        }
    }
}

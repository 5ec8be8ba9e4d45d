package io.machineroom.domain.tokens;

import java.util.Optional;
import java.util.function.Function;

/** What came of checking a token: it passed everything that was asked for, or the first reason why not. */
public sealed interface Verdict<T> {
    /** Passed. */
    record Verified<T>(T token) implements Verdict<T> {}

    /**
     * Did not pass.
     *
     * @param code stable, dotted code, {@code token.expired}
     * @param reason what does not hold, without anything secret of the token
     */
    record Rejected<T>(String code, String reason) implements Verdict<T> {}

    /** Goes on with the next check; a rejection stays what it is. */
    default <R> Verdict<R> then(Function<T, Verdict<R>> next) {
        return switch (this) {
            case Verified<T>(T token) -> next.apply(token);
            case Rejected<T>(String code, String reason) -> new Rejected<>(code, reason);
        };
    }

    /** The token; empty when rejected. */
    default Optional<T> verified() {
        return this instanceof Verified<T>(T token) ? Optional.of(token) : Optional.empty();
    }

    /** {@code code: reason}; empty when verified. */
    default String rejection() {
        return this instanceof Rejected<T>(String code, String reason) ? code + ": " + reason : "";
    }

    /** The code of a rejection; empty when verified. */
    default String code() {
        return this instanceof Rejected<T> r ? r.code() : "";
    }

    static <T> Verdict<T> verified(T token) {
        return new Verified<>(token);
    }

    static <T> Verdict<T> rejected(String code, String reason) {
        return new Rejected<>(code, reason);
    }
}

package io.machineroom.ports;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A port could not do what was asked. The three kinds are the three reactions a caller has: wait and
 * repeat, never repeat, or stop and keep the evidence.
 *
 * <p>The {@linkplain #code() code} is stable, lower case, dotted ({@code spool.full}) and listed in
 * {@code docs/errors.md}. Messages name the place and the remedy and never hold a secret.
 */
public abstract sealed class PortException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String code;

    private PortException(String code, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    /** Stable, dotted code such as {@code sink.unauthorized}. */
    public final String code() {
        return code;
    }

    /** Not now: wait and try the very same again. */
    public static final class Unavailable extends PortException {
        private static final long serialVersionUID = 1L;

        private final @Nullable Duration retryAfter;

        public Unavailable(String code, String message) {
            this(code, message, null, null);
        }

        public Unavailable(String code, String message, Throwable cause) {
            this(code, message, cause, null);
        }

        public Unavailable(String code, String message, @Nullable Throwable cause, @Nullable Duration retryAfter) {
            super(code, message, cause);
            this.retryAfter = retryAfter;
        }

        /** What the other side asked to wait, or null when it said nothing. */
        public @Nullable Duration retryAfter() {
            return retryAfter;
        }
    }

    /** Never as it is: park it, report it, go on. */
    public static final class Refused extends PortException {
        private static final long serialVersionUID = 1L;

        public Refused(String code, String message) {
            super(code, message, null);
        }

        public Refused(String code, String message, Throwable cause) {
            super(code, message, cause);
        }
    }

    /** The thing itself is damaged: stop this component, keep the evidence, tell the operator. */
    public static final class Corrupted extends PortException {
        private static final long serialVersionUID = 1L;

        public Corrupted(String code, String message) {
            super(code, message, null);
        }

        public Corrupted(String code, String message, Throwable cause) {
            super(code, message, cause);
        }
    }
}

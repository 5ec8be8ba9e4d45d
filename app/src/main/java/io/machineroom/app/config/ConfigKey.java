package io.machineroom.app.config;

import java.util.Locale;
import java.util.Set;

/**
 * One setting.
 *
 * @param name dotted name in the file
 * @param kind type of its value
 * @param fallback default as written in the file; empty for none
 * @param least smallest value, both for numbers, durations and sizes; empty for no bound
 * @param most largest value
 * @param setters who may set it
 * @param sentence what it does
 */
public record ConfigKey(
        String name, Kind kind, String fallback, String least, String most, Set<Setter> setters, String sentence) {
    public ConfigKey {
        setters = Set.copyOf(setters);
    }

    /** Name of the environment variable that sets it: {@code MR_SPOOL_MAX_BYTES}. */
    public String variable() {
        return "MR_" + name.replace('.', '_').toUpperCase(Locale.ROOT);
    }

    /** Type and unit of a value. */
    public enum Kind {
        TEXT("text"),
        PATH("path; relative to the folder of the configuration file"),
        DURATION("duration: 500ms, 30s, 5m, 2h, 1d"),
        BYTES("size: 512KiB, 64MiB, 1GiB"),
        WHOLE("whole number"),
        BOOL("true or false"),
        CHOICE("one of the words listed");

        private final String description;

        Kind(String description) {
            this.description = description;
        }

        public String description() {
            return description;
        }
    }

    /** Who may set a key. Later ones win: vendor, SaaS, operator's file, environment. */
    public enum Setter {
        /** The vendor, at build time. */
        VENDOR,
        /** The backplane, with the enrolment. */
        SAAS,
        /** The operator, in the file or the environment. */
        OPERATOR
    }
}

package io.machineroom.domain.replication;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which keys of desired state a site gets, and what they are called there. With a prefix only keys below it, without exactly that
 * prefix and its dot; the text of the prefix elsewhere in a key means nothing.
 *
 * @param prefix one or more names with dots between them; empty for all keys as they are
 */
record ConfigNames(String prefix) {
    private static final Pattern PREFIX = Pattern.compile("([-/_=a-zA-Z0-9]+(\\.[-/_=a-zA-Z0-9]+)*)?");

    ConfigNames {
        if (!PREFIX.matcher(prefix).matches()) {
            throw new IllegalArgumentException("'" + prefix + "' is no prefix of keys");
        }
    }

    /** The key at the site; empty for a key that the site does not get. */
    Optional<String> atSite(String key) {
        if (prefix.isEmpty()) {
            return Optional.of(key);
        }
        String below = prefix + ".";
        return key.startsWith(below) && key.length() > below.length()
                ? Optional.of(key.substring(below.length()))
                : Optional.empty();
    }

    /** The key at the SaaS. */
    String atSaas(String key) {
        return prefix.isEmpty() ? key : prefix + "." + key;
    }
}

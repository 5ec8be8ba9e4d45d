package io.machineroom.domain.replication;

import io.machineroom.domain.provisioning.SiteNews;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which keys of desired state a site gets, and what they are called there. With a prefix only keys below it, without exactly that
 * prefix and its dot; the text of the prefix elsewhere in a key means nothing. Word of sites that were changed is for all nodes of
 * a customer and has the same name everywhere.
 *
 * @param prefix one or more names with dots between them; empty for all keys as they are
 */
record ConfigNames(String prefix) {
    /** Key that the backplane writes for the nodes of all sites. */
    private static final String SITES = SiteNews.KEY;

    private static final Pattern PREFIX = Pattern.compile("([-/_=a-zA-Z0-9]+(\\.[-/_=a-zA-Z0-9]+)*)?");

    ConfigNames {
        if (!PREFIX.matcher(prefix).matches()) {
            throw new IllegalArgumentException("'" + prefix + "' is no prefix of keys");
        }
    }

    /** The key at the site; empty for a key that the site does not get. */
    Optional<String> atSite(String key) {
        if (prefix.isEmpty() || key.equals(SITES)) {
            return Optional.of(key);
        }
        String below = prefix + ".";
        boolean taken = key.equals(below + SITES);
        return key.startsWith(below) && key.length() > below.length() && !taken
                ? Optional.of(key.substring(below.length()))
                : Optional.empty();
    }

    /** The key at the SaaS. */
    String atSaas(String key) {
        return prefix.isEmpty() || key.equals(SITES) ? key : prefix + "." + key;
    }
}

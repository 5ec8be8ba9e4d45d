package io.machineroom.domain.replication.copy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * What becomes of a subject: a prefix goes in front, then the first run of whole tokens that equals the part to remove is
 * taken out. Dots at the ends of both do not matter. Text within a token is never touched.
 */
public final class SubjectRewrite {
    private final List<String> prefix;
    private final List<String> remove;

    public SubjectRewrite(String prefix, String remove) {
        this.prefix = tokens(prefix);
        this.remove = tokens(remove);
    }

    /** The subject at the target; works on patterns, too. */
    public String of(String subject) {
        List<String> out = new ArrayList<>(prefix);
        out.addAll(tokens(subject));
        int at = remove.isEmpty() ? -1 : Collections.indexOfSubList(out, remove);
        if (at >= 0 && out.size() > remove.size()) {
            out.subList(at, at + remove.size()).clear();
        }
        return String.join(".", out);
    }

    private static List<String> tokens(String text) {
        return Arrays.stream(text.split("\\.")).filter(t -> !t.isEmpty()).toList();
    }
}

package io.machineroom.ports.data;

import io.machineroom.ports.Port;
import java.util.Map;

/**
 * YAML bytes to {@link Value} with line numbers, and back. Plain data only: no object construction,
 * no duplicate keys, at most 50 aliases for collections, at most 1 MiB.
 */
@Port
public interface YamlFormat {
    /**
     * Reads the first document.
     *
     * @throws io.machineroom.ports.PortException.Refused {@code yaml.invalid} naming line and column,
     *     {@code yaml.too-large}
     */
    Document read(byte[] document);

    /** Block style, strings quoted where needed, UTF-8. */
    byte[] write(Value value);

    /**
     * A parsed document.
     *
     * @param root the content; {@code Nil} for an empty document
     * @param lines line numbers from 1 by path; a path is keys joined by dots with list positions in
     *     brackets, {@code watchers[0].properties.command}; the root has the empty path
     */
    record Document(Value root, Map<String, Integer> lines) {
        public Document {
            lines = Map.copyOf(lines);
        }

        /** The line of a path, or of its nearest known parent; 1 at the least. */
        public int lineOf(String path) {
            String at = path;
            while (!at.isEmpty()) {
                Integer line = lines.get(at);
                if (line != null) {
                    return line;
                }
                int cut = Math.max(at.lastIndexOf('.'), at.lastIndexOf('['));
                at = cut < 0 ? "" : at.substring(0, cut);
            }
            return lines.getOrDefault("", 1);
        }
    }
}

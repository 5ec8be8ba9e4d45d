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
     * Reads the first document, whatever follows it.
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
     * @param columns column numbers from 1 by path; a reader that does not know them leaves them out
     * @param nextLine where another document begins, which is not read; 0 when there is none
     */
    record Document(Value root, Map<String, Integer> lines, Map<String, Integer> columns, int nextLine) {
        public Document {
            lines = Map.copyOf(lines);
            columns = Map.copyOf(columns);
        }

        /** A document whose columns are not known. */
        public Document(Value root, Map<String, Integer> lines) {
            this(root, lines, Map.of());
        }

        /** The only one. */
        public Document(Value root, Map<String, Integer> lines, Map<String, Integer> columns) {
            this(root, lines, columns, 0);
        }

        /** The line of a path, or of its nearest known parent; 1 at the least. */
        public int lineOf(String path) {
            return lookUp(lines, path, 1);
        }

        /** The column of a path, or of its nearest known parent; 0 when columns are not known. */
        public int columnOf(String path) {
            return lookUp(columns, path, 0);
        }

        private static int lookUp(Map<String, Integer> places, String path, int fallback) {
            String at = path;
            while (!at.isEmpty()) {
                Integer place = places.get(at);
                if (place != null) {
                    return place;
                }
                int cut = Math.max(at.lastIndexOf('.'), at.lastIndexOf('['));
                at = cut < 0 ? "" : at.substring(0, cut);
            }
            return places.getOrDefault("", fallback);
        }
    }
}

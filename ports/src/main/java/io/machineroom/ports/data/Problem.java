package io.machineroom.ports.data;

/**
 * One fault in a document that somebody else wrote. Readers return all of them at once.
 *
 * @param path where in the document, {@code watchers[0].name}; empty for the document itself
 * @param line line from 1, or 0 when unknown
 * @param column column from 1, or 0 when unknown
 * @param message what is wrong and what would be right, without secrets
 */
public record Problem(String path, int line, int column, String message) {
    /** A fault whose column is unknown. */
    public Problem(String path, int line, String message) {
        this(path, line, 0, message);
    }

    @Override
    public String toString() {
        String where = line > 0 ? "line " + line + (column > 0 ? ", column " + column : "") : "";
        String what = path.isEmpty() ? where : where.isEmpty() ? path : path + " (" + where + ")";
        return what.isEmpty() ? message : what + ": " + message;
    }
}

package io.machineroom.chronicle;

import java.io.IOException;
import java.util.Objects;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.wire.DocumentContext;

/** What an excerpt holds: the library lays its head, this the rest, from the write position on. */
interface ExcerptBody {
    void into(Bytes<?> excerpt) throws IOException;

    /** Appends one excerpt. A fault leaves no half excerpt behind. Writer thread. */
    static void lay(ExcerptAppender to, ExcerptBody body) throws IOException {
        DocumentContext document = to.writingDocument();
        boolean whole = false;
        try {
            body.into(Objects.requireNonNull(document.wire()).bytes());
            whole = true;
        } finally {
            if (!whole) {
                document.rollbackOnClose();
            }
            document.close();
        }
    }
}

package io.machineroom.architecture.offenders.throwables.app.host;

import java.io.IOException;
import java.io.InputStream;

final class CompilerCatches {
    private record Pair(int left, int right) {}

    int sum(Object o) throws IOException {
        try (InputStream in = InputStream.nullInputStream();
                InputStream more = InputStream.nullInputStream()) {
            return in.read() + more.read();
        } finally {
            System.getLogger("all")
                    .log(System.Logger.Level.DEBUG, o instanceof Pair(int left, int right) ? left + right : 0);
        }
    }
}

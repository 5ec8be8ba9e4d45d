package io.machineroom.app.bench.stores;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** SQLite in WAL mode with synchronous=FULL; a group is one transaction. */
final class Sqlite implements DurableStore {
    private final Connection connection;
    private final PreparedStatement insert;
    private final GroupCommit group = new GroupCommit(this::write);

    Sqlite(Path directory) throws SQLException {
        this.connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("events.db"));
        try (Statement setup = connection.createStatement()) {
            setup.execute("PRAGMA journal_mode=WAL");
            setup.execute("PRAGMA synchronous=FULL");
            setup.execute("CREATE TABLE event (number INTEGER PRIMARY KEY, body BLOB NOT NULL)");
        }
        connection.setAutoCommit(false);
        this.insert = connection.prepareStatement("INSERT INTO event (body) VALUES (?)");
    }

    @Override
    public void append(byte[] body) {
        group.append(body);
    }

    private void write(List<byte[]> bodies) throws SQLException {
        for (byte[] body : bodies) {
            insert.setBytes(1, body);
            insert.executeUpdate();
        }
        connection.commit();
    }

    @Override
    public long readAll() throws SQLException {
        long count = 0;
        try (Statement select = connection.createStatement();
                ResultSet rows = select.executeQuery("SELECT body FROM event ORDER BY number")) {
            while (rows.next()) {
                count += rows.getBytes(1).length > 0 ? 1 : 0;
            }
        }
        return count;
    }

    @Override
    public void end() throws Exception {
        group.end();
        connection.close();
    }
}

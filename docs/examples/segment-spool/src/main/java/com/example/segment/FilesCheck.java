package com.example.segment;

import io.machineroom.ports.PortException;
import io.machineroom.ports.spool.SpoolProvider.Finding;
import io.machineroom.ports.stream.Lane;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Reads all files and says what is wrong with them. */
final class FilesCheck {
    private FilesCheck() {}

    static long run(Path root, Consumer<Finding> findings) {
        if (!Files.exists(root.resolve("spool.id"))) {
            throw new PortException.Refused("spool.absent", root + " holds no spool");
        }
        for (String name : new String[] {"spool.id", "spool.epochs"}) {
            if (Files.exists(root.resolve(name))
                    && Store.load(root.resolve(name)).isEmpty()) {
                findings.accept(new Finding(name, 0, "its checksum is wrong"));
            }
        }
        long bytes = 0;
        try {
            for (Lane lane : Lane.values()) {
                Path directory = root.resolve(lane.wireName());
                if (Files.isDirectory(directory)) {
                    for (long number : LaneLog.segments(directory)) {
                        String name = String.format("%019d", number) + ".segment";
                        bytes += segment(lane.wireName() + "/" + name, directory.resolve(name), findings);
                    }
                }
            }
        } catch (IOException e) {
            throw Store.disk("cannot read " + root, e);
        }
        return bytes;
    }

    private static long segment(String name, Path file, Consumer<Finding> findings) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
        int sound = 0;
        int at = 0;
        while (at < bytes.limit()) {
            int length = Frame.lengthAt(bytes, at);
            if (length > 0 && at > sound) {
                findings.accept(new Finding(name, sound, (at - sound) + " bytes that are no record"));
            }
            at += Math.max(1, length);
            sound = length > 0 ? at : sound;
        }
        if (at > sound) {
            findings.accept(new Finding(name, sound, (at - sound) + " bytes at the end that are no record"));
        }
        return bytes.limit();
    }
}

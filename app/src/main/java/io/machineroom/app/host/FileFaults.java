package io.machineroom.app.host;

import io.machineroom.ports.PortException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

/** What went wrong with a file, in the words of the ports. What is not known better is the disk's fault. */
final class FileFaults {
    private FileFaults() {}

    static PortException of(Path path, IOException cause) {
        return switch (cause) {
            case NoSuchFileException e -> new PortException.Refused("file.missing", "there is no " + path, e);
            case FileNotFoundException e -> new PortException.Refused("file.missing", "cannot open " + path, e);
            case AccessDeniedException e -> new PortException.Refused("file.denied", "no permission for " + path, e);
            case FileAlreadyExistsException e ->
                new PortException.Refused("file.exists", "something else is at " + path, e);
            case DirectoryNotEmptyException e ->
                new PortException.Refused("file.exists", "there is a directory " + path, e);
            case NotDirectoryException e -> new PortException.Refused("file.exists", path + " is no directory", e);
            default ->
                new PortException.Unavailable(
                        "file.disk", "the disk refuses " + path + ": " + cause.getMessage(), cause);
        };
    }
}

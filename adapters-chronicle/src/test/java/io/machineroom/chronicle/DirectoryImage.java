package io.machineroom.chronicle;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Directories and files as the disk has them, by inode: the same file under another name is the same.
 *
 * @param names directory to the names in it
 * @param files file to its content
 */
record DirectoryImage(Map<Object, Map<String, Object>> names, Map<Object, PageImage> files) {
    private static final String DIRECTORY = "directory";

    static DirectoryImage empty() {
        return new DirectoryImage(new HashMap<>(), new HashMap<>());
    }

    /** What lies below a directory; what did not change is shared with the image before. */
    static DirectoryImage read(Path root, int unit, DirectoryImage before) throws IOException {
        DirectoryImage out = empty();
        out.take(root, unit, before);
        return out;
    }

    private void take(Path directory, int unit, DirectoryImage before) throws IOException {
        Map<String, Object> here = new TreeMap<>();
        try (var list = Files.list(directory)) {
            for (Path path : list.toList()) {
                Object id = id(path);
                here.put(path.getFileName().toString(), id);
                if (Files.isDirectory(path)) {
                    take(path, unit, before);
                } else {
                    PageImage known = before.files.getOrDefault(id, PageImage.empty(unit));
                    files.put(id, PageImage.read(path, unit, known));
                }
            }
        }
        names.put(id(directory), here);
    }

    /** Which file or directory it is: a number of the disk that is given anew, and when it was made. */
    static Object id(Path path) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
        String kind = attributes.isDirectory() ? DIRECTORY : "file";
        return kind + " " + attributes.fileKey() + " " + attributes.creationTime();
    }

    DirectoryImage copy() {
        return new DirectoryImage(new HashMap<>(names), new HashMap<>(files));
    }

    /** Takes over the pages of a file with those bytes, or the names of a directory, as another image has them. */
    void adopt(Object id, DirectoryImage from, long first, long end) {
        Map<String, Object> entries = from.names.get(id);
        PageImage content = from.files.get(id);
        if (entries != null) {
            names.put(id, entries);
        }
        if (content != null) {
            PageImage before = files.getOrDefault(id, PageImage.empty(content.unit()));
            files.put(id, before.adopt(content, first, end));
        }
    }

    /** Lays the directory out as a copy. */
    void write(Object directory, Path to, int unit) throws IOException {
        Files.createDirectories(to);
        for (Map.Entry<String, Object> entry :
                names.getOrDefault(directory, Map.of()).entrySet()) {
            Path path = to.resolve(entry.getKey());
            if (entry.getValue().toString().startsWith(DIRECTORY)) {
                write(entry.getValue(), path, unit);
            } else {
                files.getOrDefault(entry.getValue(), PageImage.empty(unit)).write(path);
            }
        }
    }
}

package io.machineroom.domain.authoring;

import io.machineroom.ports.PortException;
import io.machineroom.ports.host.FileTree;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The files of a rehearsal below one folder. What power cuts do is not rehearsed, so nothing is synced. One task of
 * virtual time uses it at once.
 */
record RehearsedTree(RehearsedFiles files, Path root) implements FileTree {
    @Override
    public Path path(String name) {
        Path relative = Path.of(name);
        Path path = root.resolve(relative).normalize();
        boolean up = Arrays.asList(name.split("/")).contains("..");
        if (relative.isAbsolute() || up || !path.startsWith(root)) {
            throw new PortException.Refused("file.outside", "the name leaves " + root + ": " + name);
        }
        return path;
    }

    @Override
    public Optional<byte[]> read(String name, int maxBytes) {
        return files.read(path(name), maxBytes);
    }

    @Override
    public void replace(String name, byte[] content, int mode) {
        files.replace(path(name), content, mode, "", "");
    }

    @Override
    public void makeDirectory(String name, int mode) {
        files.directory(path(name), mode);
    }

    @Override
    public void rename(String from, String to) {
        files.rename(path(from), path(to));
    }

    @Override
    public void delete(String name) {
        files.delete(path(name));
    }

    @Override
    public Optional<Info> info(String name) {
        return files.info(path(name));
    }

    @Override
    public List<String> list(String name) {
        return files.list(path(name));
    }

    @Override
    public List<String> walk(String name) {
        return files.walk(path(name));
    }

    @Override
    public Writer write(String name, int mode) {
        Path to = path(name);
        files.replace(to, new byte[0], mode, "", "");
        return new Writer() {
            private byte[] content = new byte[1024];
            private int length;

            @Override
            public void write(byte[] bytes, int offset, int count) {
                if (count > content.length - length) {
                    content = Arrays.copyOf(content, Math.max(content.length * 2, length + count));
                }
                System.arraycopy(bytes, offset, content, length, count);
                length += count;
            }

            @Override
            public void close() {
                files.replace(to, Arrays.copyOf(content, length), mode, "", "");
            }
        };
    }

    @Override
    public void sync(String name) {
        path(name);
    }

    @Override
    public long freeBytes() {
        return files.free();
    }
}

package io.machineroom.domain.watcher;

import io.machineroom.ports.host.FileTree;
import io.machineroom.ports.host.HostFiles;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Files of a bench in memory, with the places that checks look at. */
final class CheckDisk implements HostFiles {
    final Map<Path, byte[]> files = new LinkedHashMap<>();
    final Map<Path, FileTree.Info> infos = new LinkedHashMap<>();
    String programs = "";
    private final Bench bench;

    CheckDisk(Bench bench) {
        this.bench = bench;
        bench.ports.put(HostFiles.class, this);
        bench.ports.put(
                CheckFiles.class,
                new CheckFiles(Path.of("/overrides.json"), Path.of("/status.json"), Duration.ofHours(1)));
    }

    void put(String path, String text) {
        put(path, text, bench.time().wall());
    }

    void put(String path, String text, Instant at) {
        replace(Path.of(path), text.getBytes(StandardCharsets.UTF_8), 0644, "", "");
        FileTree.Info info = infos.get(Path.of(path));
        infos.put(Path.of(path), new FileTree.Info(info.kind(), info.size(), info.mode(), at));
    }

    String text(String path) {
        return new String(files.get(Path.of(path)), StandardCharsets.UTF_8);
    }

    void mode(String path, int mode) {
        FileTree.Info info = infos.get(Path.of(path));
        infos.put(Path.of(path), new FileTree.Info(info.kind(), info.size(), mode, info.modified()));
    }

    @Override
    public Optional<FileTree.Info> info(Path path) {
        return Optional.ofNullable(infos.get(path));
    }

    @Override
    public Optional<String> sha256(Path path) {
        return Optional.empty();
    }

    @Override
    public Optional<byte[]> read(Path path, int maxBytes) {
        return Optional.ofNullable(files.get(path));
    }

    @Override
    public Optional<Owner> owner(Path path) {
        return files.containsKey(path) ? Optional.of(new Owner("root", "root")) : Optional.empty();
    }

    @Override
    public void replace(Path path, byte[] content, int mode, String owner, String group) {
        files.put(path, content);
        infos.put(
                path,
                new FileTree.Info(
                        FileTree.Kind.FILE, content.length, mode, bench.time().wall()));
    }

    @Override
    public boolean onPath(String program) {
        return programs.contains(program);
    }
}

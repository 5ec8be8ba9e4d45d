package io.machineroom.domain.watcher;

import io.machineroom.ports.host.FileTree;
import io.machineroom.ports.runtime.Entropy;
import java.nio.file.Path;

/**
 * A folder for files that live as long as one command. Safe from any task.
 *
 * @param tree where the folder is
 * @param folder its name; swept when the machine host starts
 */
public record Scratch(FileTree tree, String folder) {
    /** Writes a file for the owner only and returns its name in the tree. */
    public String write(byte[] content, Entropy entropy) {
        String name = folder + "/" + entropy.uuid() + ".json";
        tree.replace(name, content, 0600);
        return name;
    }

    public Path path(String name) {
        return tree.path(name);
    }

    public void delete(String name) {
        tree.delete(name);
    }
}

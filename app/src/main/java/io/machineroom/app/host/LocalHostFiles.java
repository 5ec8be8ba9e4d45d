package io.machineroom.app.host;

import io.machineroom.ports.PortException;
import io.machineroom.ports.host.FileTree;
import io.machineroom.ports.host.HostFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;

/** Files anywhere on this host. Links are followed, also on replacing: the link stays, its target changes. */
public final class LocalHostFiles implements HostFiles {
    private final Durable durable = new Durable();
    private final SearchPath searchPath = new SearchPath();

    @Override
    public Optional<FileTree.Info> info(Path path) {
        return LocalFileTree.info(path);
    }

    @Override
    public Optional<String> sha256(Path path) {
        if (!Files.isRegularFile(path) || !Files.isReadable(path)) {
            return Optional.empty();
        }
        try (InputStream in = Files.newInputStream(path)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[64 * 1024];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                digest.update(buffer, 0, count);
            }
            return Optional.of(HexFormat.of().formatHex(digest.digest()));
        } catch (IOException e) {
            throw FileFaults.of(path, e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    @Override
    public Optional<byte[]> read(Path path, int maxBytes) {
        if (!Files.isRegularFile(path) || !Files.isReadable(path)) {
            return Optional.empty();
        }
        try (InputStream in = Files.newInputStream(path)) {
            byte[] content = in.readNBytes(maxBytes);
            if (in.read() >= 0) {
                throw new PortException.Refused("file.too-large", path + " has more than " + maxBytes + " bytes");
            }
            return Optional.of(content);
        } catch (IOException e) {
            throw FileFaults.of(path, e);
        }
    }

    @Override
    public Optional<Owner> owner(Path path) {
        if (!Files.exists(path)) {
            return Optional.empty();
        }
        try {
            PosixFileAttributes found = Files.readAttributes(path, PosixFileAttributes.class);
            return Optional.of(new Owner(found.owner().getName(), found.group().getName()));
        } catch (IOException e) {
            throw FileFaults.of(path, e);
        }
    }

    @Override
    public void replace(Path path, byte[] content, int mode, String owner, String group) {
        try {
            Path target = Files.isSymbolicLink(path) ? path.toRealPath() : path.toAbsolutePath();
            place(target);
            Optional<Owner> before = owner(target);
            String user = owner.isEmpty() ? before.map(Owner::user).orElse("") : owner;
            String team = group.isEmpty() ? before.map(Owner::group).orElse("") : group;
            durable.replace(target, content, temporary -> {
                own(temporary, user, team);
                Files.setPosixFilePermissions(temporary, Durable.permissions(mode));
            });
        } catch (IOException e) {
            throw FileFaults.of(path, e);
        }
    }

    /** Says what is in the way before anything is begun. */
    private static void place(Path target) {
        Path parent = target.getParent();
        if (parent != null && !Files.isDirectory(parent)) {
            throw new PortException.Refused("file.missing", "there is no directory " + parent + " for " + target);
        }
        if (Files.isDirectory(target)) {
            throw new PortException.Refused("file.exists", target + " is a directory");
        }
    }

    /** Only what differs is changed: an ordinary user may keep what is theirs. */
    private static void own(Path file, String owner, String group) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        PosixFileAttributes now = view.readAttributes();
        UserPrincipalLookupService names = file.getFileSystem().getUserPrincipalLookupService();
        try {
            if (!owner.isEmpty() && !owner.equals(now.owner().getName())) {
                view.setOwner(names.lookupPrincipalByName(owner));
            }
            if (!group.isEmpty() && !group.equals(now.group().getName())) {
                view.setGroup(names.lookupPrincipalByGroupName(group));
            }
        } catch (UserPrincipalNotFoundException e) {
            throw new PortException.Refused("file.owner", "this host does not know " + e.getName(), e);
        } catch (FileSystemException e) {
            throw new PortException.Refused(
                    "file.owner", "may not give a file to " + owner + ":" + group + "; run as root to do so", e);
        }
    }

    @Override
    public boolean onPath(String program) {
        return searchPath.find(program).isPresent();
    }
}

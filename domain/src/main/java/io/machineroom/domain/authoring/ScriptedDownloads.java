package io.machineroom.domain.authoring;

import io.machineroom.domain.authoring.TestScript.Answer;
import io.machineroom.domain.authoring.TestScript.Download;
import io.machineroom.ports.PortException;
import io.machineroom.ports.artifact.ArtifactStore;
import io.machineroom.ports.host.FileTree;
import io.machineroom.ports.host.HostFiles;
import io.machineroom.ports.runtime.Tasks;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Downloads that bring what a script says, in virtual time. One task of that time runs at once. */
final class ScriptedDownloads implements ArtifactStore {
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    private final List<Download> script;
    private final RehearsedFiles files;
    private final HostFiles real;
    private final Tasks tasks;
    private final Map<Download, Long> tries = new LinkedHashMap<>();
    private final Set<String> unscripted = new LinkedHashSet<>();

    ScriptedDownloads(List<Download> script, RehearsedFiles files, HostFiles real, Tasks tasks) {
        this.script = script;
        this.files = files;
        this.real = real;
        this.tasks = tasks;
    }

    /** What the script does not know, or promises and does not have; one sentence each. */
    Set<String> unscripted() {
        return unscripted;
    }

    /** How often what matches a text of the script was asked for. */
    long tries(String match) {
        return tries.entrySet().stream()
                .filter(one -> one.getKey().match().equals(match))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    @Override
    public long fetch(URI source, Optional<Login> credentials, long maxBytes, Path into, Duration timeout)
            throws InterruptedException {
        String shown = shown(source);
        boolean loopback = "http".equalsIgnoreCase(source.getScheme()) && LOOPBACK.contains(source.getHost() + "");
        if (source.getHost() == null
                || source.getRawUserInfo() != null
                || !("https".equalsIgnoreCase(source.getScheme()) || loopback)) {
            throw new PortException.Refused(
                    "artifact.url", shown + " is no https URL (http for this machine only, no user in the URL)");
        }
        Optional<Download> found = script.stream()
                .filter(d -> source.toString().contains(d.match()))
                .findFirst();
        if (found.isEmpty()) {
            unscripted.add("the script has no answer for the download: " + shown);
            throw new PortException.Unavailable("artifact.unreachable", "the script does not know " + shown);
        }
        Answer answer = next(found.get());
        if (answer.takes().compareTo(timeout) >= 0) {
            tasks.sleep(timeout);
            throw new PortException.Unavailable("artifact.interrupted", shown + " took too long");
        }
        tasks.sleep(answer.takes());
        return take(answer, shown, maxBytes, into);
    }

    private Answer next(Download download) {
        long before = tries.merge(download, 1L, Long::sum) - 1;
        for (Answer answer : download.answers()) {
            if (before < answer.times()) {
                return answer;
            }
            before -= answer.times();
        }
        return download.answers().getLast();
    }

    private long take(Answer answer, String shown, long maxBytes, Path into) {
        return switch (answer.body()) {
            case TestScript.NoServer none ->
                throw new PortException.Unavailable("artifact.unreachable", shown + " cannot be reached");
            case TestScript.Broken broken ->
                throw new PortException.Unavailable("artifact.interrupted", shown + " broke off");
            case TestScript.Status(int status) -> {
                String text = shown + " answered with status " + status;
                throw status == 408 || status == 429 || status >= 500
                        ? new PortException.Unavailable("artifact.status", text)
                        : new PortException.Refused("artifact.status", text);
            }
            case TestScript.Body(String text) -> {
                byte[] content = text.getBytes(StandardCharsets.UTF_8);
                files.replace(into, content, 0600, "", "");
                yield content.length;
            }
            case TestScript.Archive(String name) -> archive(name, maxBytes, into);
        };
    }

    private long archive(String name, long maxBytes, Path into) {
        Path origin = files.place(name);
        Optional<FileTree.Info> info = real.info(origin).filter(i -> i.kind() == FileTree.Kind.FILE);
        if (info.isEmpty()) {
            unscripted.add("there is no file " + origin + " to download; the script names it");
            throw new PortException.Unavailable("artifact.unreachable", "there is no file " + origin);
        }
        long size = info.get().size();
        if (size > maxBytes) {
            throw new PortException.Refused("artifact.too-large", "the file has more than " + maxBytes + " bytes");
        }
        files.copy(origin, size, into);
        return size;
    }

    /** Without user and query, which may hold what is secret. */
    private static String shown(URI url) {
        return url.getScheme() + "://" + (url.getHost() == null ? "" : url.getHost())
                + (url.getRawPath() == null ? "" : url.getRawPath());
    }
}

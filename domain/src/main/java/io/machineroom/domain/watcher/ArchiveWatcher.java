package io.machineroom.domain.watcher;

import io.machineroom.domain.deployment.ArchiveInstaller;
import io.machineroom.domain.deployment.ArchiveInstaller.Order;
import io.machineroom.domain.deployment.ArchiveLimits;
import io.machineroom.domain.deployment.ChecksumManifest.Difference;
import io.machineroom.domain.deployment.Patience;
import io.machineroom.ports.PortException;
import io.machineroom.ports.artifact.ArtifactStore;
import io.machineroom.ports.data.Secret;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.host.ArchiveReader;
import io.machineroom.ports.host.FileTree;
import io.machineroom.ports.security.Signatures;
import io.machineroom.ports.watcher.Outcome;
import io.machineroom.ports.watcher.Properties;
import io.machineroom.ports.watcher.Watcher;
import io.machineroom.ports.watcher.WatcherContext;
import io.machineroom.ports.watcher.WatcherType;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a directory equal to a {@code tar.gz} (spec 4.1): what is missing, changed or too much is replaced by the
 * verified archive, aside first and then by renaming. Without {@code verify} the archive's checksum decides.
 */
final class ArchiveWatcher implements Watcher {
    private static final System.Logger LOG = System.getLogger(ArchiveWatcher.class.getName());
    /** Kept by machines inside their directory, so never too much. */
    private static final String MACHINE_DATA = "machine_data.json";

    /** First wait before what was refused is downloaded again. */
    private static final Duration AFTER_REFUSAL = Duration.ofMinutes(2);

    private final ArchiveProperties properties;
    private final WatcherContext context;
    private final Patience patience;
    private String source;
    private String previous = "unknown";
    private long runNanos;

    private ArchiveWatcher(ArchiveProperties properties, WatcherContext context) {
        this.properties = properties;
        this.context = context;
        this.source = properties.source();
        this.patience = new Patience(context.entropy(), Duration.ZERO, AFTER_REFUSAL);
    }

    @Override
    public Outcome check(Trigger trigger) throws InterruptedException {
        long start = context.time().ticks();
        try {
            previous = run(trigger == Trigger.INTERVAL);
            return new Outcome.Succeeded(previous);
        } catch (PortException e) {
            previous = "error";
            return new Outcome.Failed(previous, e.code() + ": " + e.getMessage());
        } finally {
            runNanos = context.time().ticks() - start;
        }
    }

    private <T> T need(@Nullable T part) {
        if (part == null) {
            throw new PortException.Refused("archive.unavailable", "this build lets no watcher unpack archives");
        }
        return part;
    }

    private String run(boolean patient) throws InterruptedException {
        Trees trees = need(context.port(Trees.class).orElse(null));
        FileTree tree =
                trees.at(context.directory().resolve(properties.target()).normalize());
        ArchiveInstaller installer = new ArchiveInstaller(
                tree,
                need(context.port(Signatures.class).orElse(null)),
                need(context.port(ArtifactStore.class).orElse(null)),
                need(context.port(ArchiveReader.class).orElse(null)));
        String work = "tmp/" + context.machineName().replace('/', '_') + "-"
                + context.watcherName().replace('/', '_');
        recover(tree, work);
        String checksum = filled("checksum", properties.checksum()).toLowerCase(Locale.ROOT);
        String sums = properties.verify().isEmpty() ? "" : filled("verify_checksum", properties.verifyChecksum());
        if (inOrder(tree, installer, work, checksum, sums)) {
            return "verified";
        }
        String wanted = checksum + "/" + sums;
        if (patient) {
            patience.check(properties.creates(), wanted, context.time().ticks());
        }
        try {
            properties.governed().run(context, () -> {
                deploy(tree, installer, work, checksum, sums);
                return true;
            });
        } catch (PortException e) {
            patience.failed(properties.creates(), wanted, context.time().ticks(), e);
            throw e;
        }
        patience.done(properties.creates());
        return "downloaded";
    }

    /** An interrupted swap: the old directory comes back. */
    private void recover(FileTree tree, String work) {
        String old = work + "/old";
        if (tree.info(old).isPresent()) {
            if (tree.info(properties.creates()).isEmpty()) {
                tree.rename(old, properties.creates());
            } else {
                tree.delete(old);
            }
        }
    }

    private boolean inOrder(FileTree tree, ArchiveInstaller installer, String work, String checksum, String sums) {
        boolean there = tree.info(properties.creates())
                .filter(info -> info.kind() == FileTree.Kind.DIRECTORY)
                .isPresent();
        if (!there) {
            return false;
        }
        if (sums.isEmpty()) {
            return tree.read(work + "/deployed", 1_000)
                    .filter(is -> new String(is, StandardCharsets.UTF_8).equals(checksum))
                    .isPresent();
        }
        try {
            Difference difference = installer.difference(properties.creates(), properties.verify(), sums);
            List<String> extra = difference.extra().stream()
                    .filter(name -> !name.equals(MACHINE_DATA))
                    .toList();
            return new Difference(difference.missing(), difference.changed(), extra).none();
        } catch (PortException.Refused e) {
            LOG.log(System.Logger.Level.WARNING, () -> properties.creates() + ": " + e.getMessage());
            return false;
        }
    }

    private void deploy(FileTree tree, ArchiveInstaller installer, String work, String checksum, String sums)
            throws InterruptedException {
        if (properties.insecure()) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    () -> "'insecure' is ignored, TLS is always verified: let the server use a trusted certificate");
        }
        String url = filled("source", properties.source());
        source = withoutLogin(url);
        Order order = new Order(
                url,
                context.expand(properties.username()),
                Secret.of(properties.password().<String>useText(context::expand)),
                properties.creates(),
                checksum,
                properties.verify(),
                sums);
        ArchiveLimits bounds = context.port(ArchiveLimits.class).orElse(ArchiveLimits.defaults());
        ArchiveLimits limits =
                new ArchiveLimits(bounds.maxArchive(), bounds.maxUnpacked(), bounds.maxFiles(), properties.timeout());
        String staged = installer.stage(order, limits, work + "/download", work + "/staging");
        if (tree.info(properties.creates()).isPresent()) {
            tree.rename(properties.creates(), work + "/old");
        }
        tree.rename(staged, properties.creates());
        tree.delete(work + "/old");
        tree.replace(work + "/deployed", checksum.getBytes(StandardCharsets.UTF_8), 0600);
        LOG.log(
                System.Logger.Level.WARNING,
                () -> "Archive " + source + " was deployed successfully to " + properties.creates());
    }

    private String filled(String name, String template) {
        String text;
        try {
            text = context.expand(template);
        } catch (PortException.Refused e) {
            throw new PortException.Refused("archive.template", "could not parse template on " + name + " property", e);
        }
        if (text.isEmpty()) {
            throw new PortException.Refused("archive.empty", name + " template resulted in an empty string");
        }
        return text;
    }

    private static String withoutLogin(String url) {
        return url.replaceFirst("//[^/@]*@", "//");
    }

    @Override
    public boolean stateChanged(boolean active) {
        if (!active) {
            previous = "skipped";
        }
        return false;
    }

    @Override
    public Value.Obj state() {
        return Value.obj("source", Value.text(withoutLogin(source)), "creates", Value.text(properties.creates()))
                .with("previous_outcome", Value.text(previous))
                .with("previous_run_time", Value.num(runNanos));
    }

    private record ArchiveProperties(
            String source,
            String creates,
            String target,
            String checksum,
            String verify,
            String verifyChecksum,
            String username,
            Secret password,
            Governed governed,
            Duration timeout,
            boolean insecure) {
        static ArchiveProperties read(Properties given) {
            Duration timeout = given.duration("timeout", Duration.ofSeconds(5));
            ArchiveProperties read = new ArchiveProperties(
                    Texts.required(given, "source"),
                    given.required("creates"),
                    given.required("target"),
                    Texts.required(given, "checksum"),
                    given.text("verify").orElse(""),
                    Texts.optional(given, "verify_checksum"),
                    Texts.optional(given, "username"),
                    Secret.of(Texts.optional(given, "password")),
                    Governed.read(given),
                    timeout.compareTo(Duration.ofSeconds(5)) < 0 ? Duration.ofSeconds(5) : timeout,
                    given.bool("insecure", false));
            read.check(given);
            return read;
        }

        private void check(Properties given) {
            if (!verify.isEmpty() && verifyChecksum.isEmpty()) {
                given.problem("verify_checksum", "verify_checksum is required if verify is set");
            }
            if (!username.isEmpty() && password.isEmpty()) {
                given.problem("password", "password is required when username is given");
            }
            oneName(given, "creates", creates);
            oneName(given, "verify", verify);
        }

        private static void oneName(Properties given, String name, String text) {
            boolean bad = text.contains("/") || text.equals(".") || text.equals("..") || text.equals("tmp");
            if (bad) {
                given.problem(name, name + " must be a single name");
            }
        }
    }

    /** The kind. */
    record Type() implements WatcherType {
        @Override
        public String name() {
            return "archive";
        }

        @Override
        public IntervalRule interval() {
            return new IntervalRule(Duration.ofSeconds(10), null, false, true, true);
        }

        @Override
        public Watcher create(Properties properties, WatcherContext context) {
            return new ArchiveWatcher(ArchiveProperties.read(properties), context);
        }
    }
}

package io.machineroom.domain.deployment;

import java.time.Duration;

/**
 * Bounds of archives.
 *
 * @param maxArchive bytes of the archive itself
 * @param maxUnpacked bytes of all its files
 * @param maxFiles files and directories
 * @param timeout for one download
 */
public record ArchiveLimits(long maxArchive, long maxUnpacked, int maxFiles, Duration timeout) {
    /** What is allowed without asking how well it was compressed: 64 MiB. */
    private static final long HARMLESS = 64L * 1024 * 1024;
    /** Beyond that, more than this many bytes from one are refused. */
    private static final long MAX_RATIO = 200;

    /** 256 MiB, 1 GiB, 10,000 and ten minutes. */
    public static ArchiveLimits defaults() {
        return new ArchiveLimits(256L << 20, 1L << 30, 10_000, Duration.ofMinutes(10));
    }

    /** How much may come out of an archive of that size. */
    long unpacked(long archiveBytes) {
        return Math.min(maxUnpacked, Math.max(HARMLESS, archiveBytes * MAX_RATIO));
    }
}

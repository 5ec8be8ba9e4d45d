package io.machineroom.domain.watcher;

import java.nio.file.Path;
import java.time.Duration;

/**
 * Files that checks look into.
 *
 * @param overrides values for checks by machine name, JSON; need not be there
 * @param status this agent's status document
 * @param statusInterval how often that is written
 */
public record CheckFiles(Path overrides, Path status, Duration statusInterval) {}

package io.machineroom.domain.spooling.submission;

import io.machineroom.ports.host.FileTree;

/**
 * Where other programs submit.
 *
 * @param files tree of the directory
 */
public record SubmissionPlace(FileTree files, SubmissionSettings settings) {}

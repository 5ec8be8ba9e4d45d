package io.machineroom.app.backplane;

import java.nio.file.Path;

/**
 * The directory of one backplane.
 *
 * @param path absolute
 */
record StateDirectory(Path path) {}

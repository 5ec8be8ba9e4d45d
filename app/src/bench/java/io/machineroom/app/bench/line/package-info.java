/**
 * A line with delay, loss and a rate between two network namespaces of Linux, and what is measured over it. Needs root. Run by hand, never
 * by the tests.
 */
@NullMarked
package io.machineroom.app.bench.line;

import org.jspecify.annotations.NullMarked;

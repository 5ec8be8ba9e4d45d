/** Whole processes, a network that can be cut, and an independent count. */
@NullMarked
package io.machineroom.examples.demo;

import org.jspecify.annotations.NullMarked;

/** An agent that speaks HTTPS only. */
@NullMarked
package io.machineroom.examples.https;

import org.jspecify.annotations.NullMarked;

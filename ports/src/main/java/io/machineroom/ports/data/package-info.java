/** Documents: values, their two formats, problems and secrets. */
@NullMarked
package io.machineroom.ports.data;

import org.jspecify.annotations.NullMarked;

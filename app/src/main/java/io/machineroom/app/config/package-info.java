/** Configuration: the table of keys, the three sources, one result. */
@NullMarked
package io.machineroom.app.config;

import org.jspecify.annotations.NullMarked;

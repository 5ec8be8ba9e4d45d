/** Small languages over values: path queries, templates, conditions. */
@NullMarked
package io.machineroom.domain.expression;

import org.jspecify.annotations.NullMarked;

/** Tools for people who write machines: checking, drawing, running and rehearsing them without a node. */
@NullMarked
package io.machineroom.domain.authoring;

import org.jspecify.annotations.NullMarked;

/** Over-the-air deployment: signed lists, archives, versions behind a pointer. */
@NullMarked
package io.machineroom.domain.deployment;

import org.jspecify.annotations.NullMarked;

/** Events into the spool, and the spool towards the SaaS. */
@NullMarked
package io.machineroom.domain.spooling;

import org.jspecify.annotations.NullMarked;

/** Keys, signatures, certificates and trust. */
@NullMarked
package io.machineroom.ports.security;

import org.jspecify.annotations.NullMarked;

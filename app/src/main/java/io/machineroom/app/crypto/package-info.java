/** Keys, signatures, certificates and TLS. Private keys do not leave this package. */
@NullMarked
package io.machineroom.app.crypto;

import org.jspecify.annotations.NullMarked;

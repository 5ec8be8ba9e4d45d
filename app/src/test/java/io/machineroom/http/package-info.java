/** Makes the HTTPS side of the product run in a simulated world. */
@NullMarked
package io.machineroom.http;

import org.jspecify.annotations.NullMarked;

/** Bytes and values: JSON, YAML and the encodings of CloudEvents. */
@NullMarked
package io.machineroom.app.codec;

import org.jspecify.annotations.NullMarked;

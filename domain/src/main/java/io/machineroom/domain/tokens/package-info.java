/** The rules of signed tokens: who may sign what, how a chain of trust holds, when a token counts. */
@NullMarked
package io.machineroom.domain.tokens;

import org.jspecify.annotations.NullMarked;

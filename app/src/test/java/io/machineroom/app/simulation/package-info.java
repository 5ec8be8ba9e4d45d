/** The whole product in one process on virtual time: nodes, the SaaS, what lies between, and what goes wrong. */
@NullMarked
package io.machineroom.app.simulation;

import org.jspecify.annotations.NullMarked;

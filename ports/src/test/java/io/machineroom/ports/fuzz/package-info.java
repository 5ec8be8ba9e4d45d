/** Random texts for whatever reads texts from outside. */
package io.machineroom.ports.fuzz;

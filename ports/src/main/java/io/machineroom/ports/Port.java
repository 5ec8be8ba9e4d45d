package io.machineroom.ports;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks an interface that the domain calls and an adapter implements.
 *
 * <p>Each marked interface has a contract test in the kit and at least two lives that pass it: the
 * real adapter and the simulation.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface Port {}

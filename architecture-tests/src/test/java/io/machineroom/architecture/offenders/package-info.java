/**
 * Small houses, each with somebody in it who breaks one rule. The path tells: {@code offenders/RULE/ROOM/OFFENDER}. Who
 * stands here for contrast, and must not be accused, is named by the test too.
 */
package io.machineroom.architecture.offenders;

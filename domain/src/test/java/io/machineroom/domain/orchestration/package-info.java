@org.jspecify.annotations.NullMarked
package io.machineroom.domain.orchestration;

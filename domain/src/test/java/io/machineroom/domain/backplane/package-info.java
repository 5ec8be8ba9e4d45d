/** What the vendor's side must hold. */
package io.machineroom.domain.backplane;

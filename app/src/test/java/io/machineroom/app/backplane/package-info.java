/** The vendor's side with a real broker, in processes of its own. */
package io.machineroom.app.backplane;

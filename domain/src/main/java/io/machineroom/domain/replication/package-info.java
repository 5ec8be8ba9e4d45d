/** What copies between a site and the SaaS: events up, receipts and desired state down. */
@NullMarked
package io.machineroom.domain.replication;

import org.jspecify.annotations.NullMarked;

/** A spool on plain files: an example of what an integrator brings. */
package com.example.segment;

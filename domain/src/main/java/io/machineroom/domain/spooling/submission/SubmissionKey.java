package io.machineroom.domain.spooling.submission;

/**
 * What makes two submissions the same one: an id alone may have been given twice.
 *
 * @param id as the program gave it
 * @param subject with what stands before it on the wire
 * @param sha256 of the payload, lower-case hex
 */
record SubmissionKey(String id, String subject, String sha256) {}

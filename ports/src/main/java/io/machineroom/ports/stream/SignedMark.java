package io.machineroom.ports.stream;

/**
 * A receipt as it travels: the exact text and its Ed25519 signature.
 *
 * <p>The text is {@code mr-receipt-2 <node nkey> <epoch> <lane> <through> <storeId> <since>} with single
 * spaces, so there is one spelling of each receipt and nothing to canonicalise.
 *
 * @param text the signed text, at most 512 characters
 * @param signature lower-case hex of the 64-byte signature over the UTF-8 text
 */
public record SignedMark(String text, String signature) {}

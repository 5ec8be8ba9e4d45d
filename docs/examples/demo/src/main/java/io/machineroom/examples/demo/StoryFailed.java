package io.machineroom.examples.demo;

/** A step of the demonstration did not hold. */
final class StoryFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StoryFailed(String message) {
        super(message);
    }
}

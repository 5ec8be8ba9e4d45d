package io.machineroom.examples.demo;

/** Whom a soak kills; the gateway is a part of the backplane's process. */
enum Victim {
    AGENT("agent"),
    BACKPLANE("backplane"),
    NATS("nats-server");

    private final String title;

    Victim(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }
}

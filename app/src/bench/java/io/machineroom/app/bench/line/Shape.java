package io.machineroom.app.bench.line;

import java.time.Duration;

/**
 * What a line does to each of its directions.
 *
 * @param delay one way; the round trip takes twice that
 * @param loss share of packets that are lost, 0 to 1
 * @param bitsPerSecond rate; 0 for as fast as it goes
 * @param queueBytes what waits for the rate at most; more is dropped at the tail
 */
record Shape(Duration delay, double loss, long bitsPerSecond, long queueBytes) {
    /** A line of that round trip and loss, without a bound of its rate. */
    static Shape of(long roundTripMillis, double loss) {
        return new Shape(Duration.ofNanos(roundTripMillis * 500_000), loss, 0, 64L << 20);
    }

    /** The same with a rate, and a queue of 300 ms of it, at least 32 KiB. */
    Shape withRate(long bits) {
        return new Shape(delay, loss, bits, Math.max(32L << 10, bits / 8 * 3 / 10));
    }

    long nanos(int bytes) {
        return bitsPerSecond == 0 ? 0 : bytes * 8L * 1_000_000_000L / bitsPerSecond;
    }

    @Override
    public String toString() {
        String rate = bitsPerSecond == 0 ? "" : ", " + bitsPerSecond / 1_000 + " kbit/s";
        return delay.multipliedBy(2).toMillis() + " ms round trip, " + loss * 100 + " % loss" + rate;
    }
}

package io.machineroom.app.backplane;

import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads durations such as {@code 365d}, {@code 12h}, {@code 30m} and {@code 60s}. */
final class Days implements ITypeConverter<Duration> {
    Days() {}

    @Override
    public Duration convert(String text) {
        if (!text.matches("[1-9][0-9]{0,8}[dhms]")) {
            throw new TypeConversionException("'" + text + "' is no duration; write 365d, 12h, 30m or 60s");
        }
        long count = Long.parseLong(text.substring(0, text.length() - 1));
        return switch (text.charAt(text.length() - 1)) {
            case 'd' -> Duration.ofDays(count);
            case 'h' -> Duration.ofHours(count);
            case 'm' -> Duration.ofMinutes(count);
            default -> Duration.ofSeconds(count);
        };
    }
}

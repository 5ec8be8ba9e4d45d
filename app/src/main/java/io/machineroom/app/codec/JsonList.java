package io.machineroom.app.codec;

import io.machineroom.ports.PortException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/** The exact bytes of the objects of a JSON list, white space around them included. */
final class JsonList {
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(65)
                    .maxNumberLength(Numbers.MAX_CHARACTERS)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private JsonList() {}

    static List<byte[]> split(byte[] batch, int maxEvents) {
        Utf8.decode(batch, "batch.invalid");
        for (byte b : batch) {
            if (b == 0) {
                // Would let the parser guess UTF-16.
                throw invalid();
            }
        }
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), batch)) {
            if (parser.nextToken() != JsonToken.START_ARRAY) {
                throw invalid();
            }
            List<byte[]> out = new ArrayList<>();
            int start = (int) parser.currentLocation().getByteOffset();
            while (parser.nextToken() == JsonToken.START_OBJECT) {
                if (out.size() == maxEvents) {
                    throw new PortException.Refused(
                            "batch.too-many", "the batch holds more than " + maxEvents + " events");
                }
                parser.skipChildren();
                int end = delimiter(batch, (int) parser.currentLocation().getByteOffset());
                out.add(Arrays.copyOfRange(batch, start, end));
                start = end + 1;
            }
            if (parser.currentToken() != JsonToken.END_ARRAY || parser.nextToken() != null) {
                throw invalid();
            }
            return out;
        } catch (JacksonException e) {
            throw invalid();
        }
    }

    private static int delimiter(byte[] batch, int from) {
        int at = from;
        while (at < batch.length && batch[at] != ',' && batch[at] != ']') {
            at++;
        }
        return at;
    }

    private static PortException.Refused invalid() {
        return new PortException.Refused("batch.invalid", "the batch is not a JSON list of objects");
    }
}

package io.machineroom.app.codec;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.data.Value;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.PrettyPrinter;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;

/**
 * JSON by Jackson's streaming core.
 *
 * <p>The parser's own messages are not passed on: they quote the document, and documents hold tokens.
 */
public final class JacksonJson implements JsonFormat {
    private static final int MAX_DEPTH = 64;

    private final JsonFactory factory = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNumberLength(Numbers.MAX_CHARACTERS)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build();

    @Override
    public Value read(byte[] document, int maxBytes) {
        if (document.length > maxBytes) {
            throw new PortException.Refused(
                    "json.too-large", "the JSON document has " + document.length + " bytes, allowed are " + maxBytes);
        }
        String text = Utf8.decode(document, "json.invalid");
        JsonParser parser = factory.createParser(ObjectReadContext.empty(), text);
        try (parser) {
            JsonToken first = parser.nextToken();
            if (first == null) {
                throw invalid(parser.currentLocation(), "the document is empty", null);
            }
            Value value = value(parser, first);
            if (parser.nextToken() != null) {
                throw invalid(parser.currentTokenLocation(), "something follows the document", null);
            }
            return value;
        } catch (StreamConstraintsException e) {
            throw invalid(parser.currentLocation(), "nested deeper than " + MAX_DEPTH + ", or a number too long", e);
        } catch (UnexpectedEndOfInputException e) {
            throw invalid(parser.currentLocation(), "the document ends too early", e);
        } catch (JacksonException e) {
            throw invalid(parser.currentLocation(), "not JSON", e);
        }
    }

    private static Value value(JsonParser parser, JsonToken token) {
        return switch (token) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> array(parser);
            case VALUE_STRING -> new Value.Text(Utf8.wellFormed(parser.getString()));
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(parser);
            case VALUE_TRUE -> new Value.Bool(true);
            case VALUE_FALSE -> new Value.Bool(false);
            case VALUE_NULL -> Value.nil();
            case NOT_AVAILABLE, END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT ->
                throw invalid(parser.currentTokenLocation(), "not JSON", null);
        };
    }

    private static Value number(JsonParser parser) {
        BigDecimal number = Numbers.parse(parser.getString());
        if (number == null) {
            throw invalid(parser.currentTokenLocation(), Numbers.BOUNDS, null);
        }
        return new Value.Num(number);
    }

    private static Value array(JsonParser parser) {
        List<Value> items = new ArrayList<>();
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            items.add(value(parser, token));
        }
        return new Value.Arr(items);
    }

    private static Value object(JsonParser parser) {
        Map<String, Value> fields = new LinkedHashMap<>();
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            String key = Utf8.wellFormed(name);
            TokenStreamLocation place = parser.currentTokenLocation();
            if (fields.put(key, value(parser, parser.nextToken())) != null) {
                throw invalid(place, "the key \"" + Utf8.shortened(key) + "\" is there twice", null);
            }
        }
        return new Value.Obj(fields);
    }

    private static PortException.Refused invalid(TokenStreamLocation at, String what, @Nullable Exception cause) {
        String message = "line " + at.getLineNr() + ", column " + at.getColumnNr() + ": " + what;
        if (cause == null) {
            return new PortException.Refused("json.invalid", message);
        }
        // The cause itself would quote the document in a log.
        return new PortException.Refused(
                "json.invalid", message + " (" + cause.getClass().getSimpleName() + ")");
    }

    @Override
    public byte[] write(Value value) {
        return text(value, null).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public byte[] pretty(Value value) {
        DefaultIndenter lines = new DefaultIndenter("  ", "\n");
        DefaultPrettyPrinter printer =
                new DefaultPrettyPrinter().withArrayIndenter(lines).withObjectIndenter(lines);
        return (text(value, printer) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private String text(Value value, @Nullable PrettyPrinter printer) {
        StringWriter out = new StringWriter();
        ObjectWriteContext context = new ObjectWriteContext.Base() {
            @Override
            public @Nullable PrettyPrinter getPrettyPrinter() {
                return printer;
            }

            @Override
            public boolean hasPrettyPrinter() {
                return printer != null;
            }
        };
        try (JsonGenerator generator = factory.createGenerator(context, out)) {
            write(generator, value);
        }
        return out.toString();
    }

    private static void write(JsonGenerator out, Value value) {
        switch (value) {
            case Value.Nil nil -> out.writeNull();
            case Value.Bool bool -> out.writeBoolean(bool.value());
            case Value.Num num -> out.writeNumber(Numbers.print(num.value()));
            case Value.Text text -> out.writeString(Utf8.wellFormed(text.value()));
            case Value.Arr arr -> {
                out.writeStartArray();
                arr.items().forEach(item -> write(out, item));
                out.writeEndArray();
            }
            case Value.Obj obj -> {
                out.writeStartObject();
                obj.fields().forEach((key, field) -> {
                    out.writeName(Utf8.wellFormed(key));
                    write(out, field);
                });
                out.writeEndObject();
            }
        }
    }
}

package io.machineroom.app.cli;

import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.data.Value;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** Prints what buckets answer, for people, for scripts or as JSON. */
final class KvText {
    private static final int SHOWN = 200;

    private final PrintWriter out;
    private final JsonFormat json;
    private final boolean asJson;

    /** How an answer looks to people. */
    interface Form {
        void print(Value.Obj answer, PrintWriter out);
    }

    KvText(PrintWriter out, JsonFormat json, boolean asJson) {
        this.out = out;
        this.json = json;
        this.asJson = asJson;
    }

    void print(Value.Obj answer, Form form) {
        if (asJson) {
            out.println(new String(json.write(readable(answer)), StandardCharsets.UTF_8));
        } else {
            form.print(answer, out);
        }
        out.flush();
    }

    /** The value as base64, and as text when it is one. */
    private static Value.Obj readable(Value.Obj answer) {
        Optional<String> encoded = answer.text("value");
        if (encoded.isEmpty()) {
            return answer;
        }
        Value.Obj plain = answer.without("value").with("value_base64", Value.text(encoded.get()));
        return decoded(value(answer))
                .map(text -> plain.with("value", Value.text(text)))
                .orElse(plain);
    }

    private static byte[] value(Value.Obj answer) {
        return Base64.getDecoder().decode(answer.text("value").orElse(""));
    }

    private static Optional<String> decoded(byte[] bytes) {
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    /** Byte for byte, without a line end: for scripts. */
    static void raw(Value.Obj answer, PrintWriter out) {
        byte[] bytes = value(answer);
        out.flush();
        System.out.write(bytes, 0, bytes.length);
        System.out.flush();
    }

    static void revision(Value.Obj answer, PrintWriter out) {
        out.println("revision " + answer.whole("revision").orElse(0L));
    }

    static void deleted(Value.Obj answer, PrintWriter out) {
        out.println("deleted " + answer.text("deleted").orElse(""));
    }

    static void dropped(Value.Obj answer, PrintWriter out) {
        out.println(answer.bool("dropped").orElse(false) ? "dropped" : "still there");
    }

    static void key(Value.Obj answer, PrintWriter out) {
        out.println(answer.text("key").orElse(""));
    }

    static void change(Value.Obj answer, PrintWriter out) {
        boolean deleted = answer.bool("deleted").orElse(false);
        String created = answer.text("created").map(at -> at + " ").orElse("");
        long revision = answer.whole("revision").orElse(0L);
        out.println(created
                + answer.text("key").orElse("")
                + (revision > 0 ? " @" + revision : "")
                + (deleted ? " deleted" : " " + shown(value(answer))));
    }

    /** One line that leaves a terminal as it is. */
    private static String shown(byte[] bytes) {
        Optional<String> text =
                decoded(bytes).filter(t -> t.length() <= SHOWN && t.chars().noneMatch(Character::isISOControl));
        return text.orElse("(" + bytes.length + " bytes)");
    }

    static void status(Value.Obj s, PrintWriter out) {
        out.printf("made      %s%n", s.text("created").orElse(""));
        s.text("description").filter(t -> !t.isEmpty()).ifPresent(text -> out.printf("about     %s%n", text));
        out.printf("ttl       %s%n", seconds(s));
        out.printf("history   %s%n", bound(s, "history", "all"));
        out.printf("replicas  %d%n", s.whole("replicas").orElse(1L));
        out.printf(
                "holds     %d changes, %d bytes%n",
                s.whole("changes").orElse(0L), s.whole("bytes").orElse(0L));
        out.printf(
                "bounds    bucket %s, value %s%n",
                bound(s, "max_bytes", "none"), bound(s, "max_value_bytes", "that of the server"));
    }

    private static String bound(Value.Obj s, String field, String none) {
        long value = s.whole(field).orElse(0L);
        return value == 0 ? none : Long.toString(value);
    }

    private static String seconds(Value.Obj s) {
        return s.get("ttl_seconds")
                .filter(Value.Num.class::isInstance)
                .map(n -> ((Value.Num) n).value())
                .filter(n -> n.signum() > 0)
                .map(n -> n.stripTrailingZeros().toPlainString() + " s")
                .orElse("for ever");
    }
}

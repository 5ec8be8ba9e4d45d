package io.machineroom.domain.expression;

import io.machineroom.domain.expression.ExprBuiltIns.Entry;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** Built-in functions of texts and of formats. */
final class ExprTexts {
    private ExprTexts() {}

    static void add(Map<String, Entry> all) {
        all.put("trim", text("ss", 1, in -> in.made(trim(in.text(0), in.size() > 1 ? in.text(1) : null))));
        all.put("trimPrefix", text("ss", 1, ExprTexts::trimPrefix));
        all.put("trimSuffix", text("ss", 1, ExprTexts::trimSuffix));
        all.put("upper", text("s", 1, in -> in.made(Words.upper(in.text(0)))));
        all.put("lower", text("s", 1, in -> in.made(Words.lower(in.text(0)))));
        all.put("split", new Entry(ExprKind.ARRAY, "ssn", 2, in -> split(in, false)));
        all.put("splitAfter", new Entry(ExprKind.ARRAY, "ssn", 2, in -> split(in, true)));
        all.put("replace", text("sssn", 3, ExprTexts::replace));
        all.put("repeat", text("sn", 2, ExprTexts::repeat));
        all.put("join", text("as", 1, ExprTexts::join));
        addSearches(all);
        addFormats(all);
    }

    private static void addSearches(Map<String, Entry> all) {
        all.put(
                "indexOf",
                new Entry(
                        ExprKind.INT,
                        "ss",
                        2,
                        in -> index(in.text(0), in.text(0).indexOf(in.text(1)))));
        all.put(
                "lastIndexOf",
                new Entry(
                        ExprKind.INT,
                        "ss",
                        2,
                        in -> index(in.text(0), in.text(0).lastIndexOf(in.text(1)))));
        all.put(
                "hasPrefix",
                new Entry(ExprKind.BOOL, "ss", 2, in -> Value.bool(in.text(0).startsWith(in.text(1)))));
        all.put(
                "hasSuffix",
                new Entry(ExprKind.BOOL, "ss", 2, in -> Value.bool(in.text(0).endsWith(in.text(1)))));
    }

    private static void addFormats(Map<String, Entry> all) {
        all.put("string", text("x", 1, in -> in.made(Words.print(ExprTimes.plain(in.get(0)), in.budget()))));
        all.put("toJSON", text("x", 1, in -> in.made(ExprJson.write(ExprTimes.plain(in.get(0)), in.budget()))));
        all.put("fromJSON", new Entry(ExprKind.ANY, "s", 1, ExprTexts::fromJson));
        all.put(
                "toBase64",
                text(
                        "s",
                        1,
                        in -> in.made(
                                Base64.getEncoder().encodeToString(in.text(0).getBytes(StandardCharsets.UTF_8)))));
        all.put("fromBase64", text("s", 1, ExprTexts::fromBase64));
    }

    private static Entry text(String wants, int least, ExprBuiltIns.Body body) {
        return new Entry(ExprKind.STRING, wants, least, body);
    }

    private static String trim(String text, @org.jspecify.annotations.Nullable String characters) {
        if (characters == null) {
            return GoText.trim(text);
        }
        int from = 0;
        int to = text.length();
        while (from < to && characters.indexOf(text.codePointAt(from)) >= 0) {
            from += Character.charCount(text.codePointAt(from));
        }
        while (to > from && characters.indexOf(text.codePointBefore(to)) >= 0) {
            to -= Character.charCount(text.codePointBefore(to));
        }
        return text.substring(from, to);
    }

    private static Value trimPrefix(ExprArguments in) {
        String text = in.text(0);
        String prefix = in.text(1, " ");
        return Value.text(text.startsWith(prefix) ? text.substring(prefix.length()) : text);
    }

    private static Value trimSuffix(ExprArguments in) {
        String text = in.text(0);
        String suffix = in.text(1, " ");
        return Value.text(text.endsWith(suffix) ? text.substring(0, text.length() - suffix.length()) : text);
    }

    /** A limit of 0 gives nothing, a negative one everything; an empty separator cuts every character. */
    private static Value split(ExprArguments in, boolean after) {
        String text = in.text(0);
        String separator = in.text(1);
        long limit = in.size() > 2 ? in.whole(2) : -1;
        List<Value> out = new ArrayList<>();
        int from = 0;
        while (limit != 0 && (limit < 0 || out.size() < limit - 1)) {
            int cut = separator.isEmpty() ? cutOne(text, from) : text.indexOf(separator, from);
            if (cut < 0) {
                break;
            }
            in.budget().spend(1);
            out.add(Value.text(text.substring(from, after ? cut + separator.length() : cut)));
            from = cut + separator.length();
        }
        if (limit != 0 && !(separator.isEmpty() && text.isEmpty())) {
            out.add(Value.text(text.substring(from)));
        }
        return new Value.Arr(out);
    }

    private static int cutOne(String text, int from) {
        int next = from < text.length() ? from + Character.charCount(text.codePointAt(from)) : from;
        return next < text.length() ? next : -1;
    }

    private static Value replace(ExprArguments in) {
        String text = in.text(0);
        String old = in.text(1);
        String with = in.text(2);
        long limit = in.size() > 3 ? in.whole(3) : -1;
        StringBuilder out = new StringBuilder();
        int from = 0;
        for (long done = 0; limit < 0 || done < limit; done++) {
            int skip = done == 0 || from >= text.length() ? 0 : Character.charCount(text.codePointAt(from));
            int cut = old.isEmpty() ? from + skip : text.indexOf(old, from);
            if (cut < 0 || (old.isEmpty() && done > 0 && from >= text.length())) {
                break;
            }
            out.append(text, from, cut).append(with);
            in.budget().grown(out.length());
            from = cut + old.length();
        }
        return in.made(out.append(text.substring(from)).toString());
    }

    private static Value repeat(ExprArguments in) {
        String text = in.text(0);
        long times = in.whole(1);
        if (times < 0) {
            throw in.math().failed("negative repeat count");
        }
        if (times > Budget.CHARACTERS) {
            throw in.math().failed("memory budget exceeded");
        }
        in.budget().length(text.length() * times);
        return Value.text(text.repeat((int) times));
    }

    private static Value join(ExprArguments in) {
        StringBuilder out = new StringBuilder();
        String glue = in.text(1, "");
        String before = "";
        for (Value item : in.list(0)) {
            if (!(item instanceof Value.Text text)) {
                throw in.math().failed("invalid argument for join (type " + ExprKind.name(item) + ")");
            }
            out.append(before).append(text.value());
            in.budget().grown(out.length());
            before = glue;
        }
        return Value.text(out.toString());
    }

    /** Places are counted in bytes. */
    private static Value index(String text, int at) {
        return Value.num(at <= 0 ? at : text.substring(0, at).getBytes(StandardCharsets.UTF_8).length);
    }

    private static Value fromJson(ExprArguments in) {
        try {
            in.budget().length(in.text(0).length());
            return JsonText.read(in.text(0));
        } catch (JsonText.Malformed e) {
            throw new PortException.Refused("expression.failed", "invalid JSON: " + e.getMessage(), e);
        }
    }

    private static Value fromBase64(ExprArguments in) {
        try {
            return in.made(new String(Base64.getDecoder().decode(in.text(0)), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            throw new PortException.Refused("expression.failed", "illegal base64 data", e);
        }
    }
}

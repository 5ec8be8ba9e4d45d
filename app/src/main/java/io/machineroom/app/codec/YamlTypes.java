package io.machineroom.app.codec;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.ConstructNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.resolver.ScalarResolver;
import org.snakeyaml.engine.v2.schema.Schema;

/**
 * What a plain scalar means to Choria's reader: {@code true} and {@code false} only are booleans,
 * {@code 0700} and {@code 0o700} are octal, underscores may stand between digits, dates are texts. Infinity and not-a-number are texts, too: there is
 * no JSON for them.
 */
final class YamlTypes implements Schema, ScalarResolver {
    private static final Set<String> NULLS = Set.of("", "~", "null", "Null", "NULL");
    private static final Set<String> BOOLEANS = Set.of("true", "True", "TRUE", "false", "False", "FALSE");
    private static final Set<String> OLD_BOOLEANS = Set.of("yes", "no", "on", "off", "y", "n");
    private static final Pattern INTEGER = Pattern.compile("[-+]?(0|[1-9][0-9]*|0o?[0-7]+|0x[0-9a-fA-F]+|0b[01]+)");
    private static final Pattern FLOAT =
            Pattern.compile("[-+]?((\\.[0-9]+|[0-9]+\\.[0-9]*)([eE][-+]?[0-9]+)?|[0-9]+[eE][-+]?[0-9]+)");

    @Override
    public ScalarResolver getScalarResolver() {
        return this;
    }

    @Override
    public Map<Tag, ConstructNode> getSchemaTagConstructors() {
        return Map.of();
    }

    @Override
    public Tag resolve(String text, Boolean plain) {
        if (!plain) {
            return Tag.STR;
        }
        if (NULLS.contains(text)) {
            return Tag.NULL;
        }
        if (BOOLEANS.contains(text)) {
            return Tag.BOOL;
        }
        if (text.equals("<<")) {
            return Tag.MERGE;
        }
        String digits = ungrouped(text);
        if (text.length() <= Numbers.MAX_CHARACTERS && INTEGER.matcher(digits).matches()) {
            return Tag.INT;
        }
        return text.length() <= Numbers.MAX_CHARACTERS
                        && FLOAT.matcher(digits).matches()
                        && Numbers.parse(digits) != null
                ? Tag.FLOAT
                : Tag.STR;
    }

    /** Without the underscores between digits, {@code 1_000}; what begins with one is no number. */
    private static String ungrouped(String text) {
        return text.startsWith("_") ? text : text.replace("_", "");
    }

    /** Whether readers of YAML 1.1 would take the plain text for a boolean. */
    static boolean oldBoolean(String text) {
        return OLD_BOOLEANS.contains(text.toLowerCase(Locale.ROOT));
    }

    /** The number; null when the text, given with an explicit tag, is none. */
    static @Nullable BigDecimal number(String written) {
        String text = ungrouped(written);
        if (text.length() > Numbers.MAX_CHARACTERS || !INTEGER.matcher(text).matches()) {
            return Numbers.parse(text);
        }
        boolean negative = text.startsWith("-");
        String digits = negative || text.startsWith("+") ? text.substring(1) : text;
        BigInteger value;
        if (digits.startsWith("0x")) {
            value = new BigInteger(digits.substring(2), 16);
        } else if (digits.startsWith("0b")) {
            value = new BigInteger(digits.substring(2), 2);
        } else if (digits.startsWith("0o")) {
            value = new BigInteger(digits.substring(2), 8);
        } else {
            value = new BigInteger(digits, digits.startsWith("0") ? 8 : 10);
        }
        return new BigDecimal(negative ? value.negate() : value);
    }
}

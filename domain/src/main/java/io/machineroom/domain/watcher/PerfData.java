package io.machineroom.domain.watcher;

import io.machineroom.domain.expression.GoText;
import io.machineroom.ports.data.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One value of Nagios performance data (spec 4.10): {@code 'used space'=71%;80;90}. Thresholds are dropped.
 *
 * @param label spaces are underscores
 * @param unit empty for none
 */
record PerfData(String label, double value, String unit) {
    private static final Pattern VALUE =
            Pattern.compile("([-+]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][-+]?\\d+)?)(us|ms|s|%|B|KB|MB|GB|TB|PB|c)?");

    /**
     * All values behind the bars of an output. A line may have a bar of its own; behind a bar in the long text every
     * line is data. Items without a number, {@code U} among them, are left out.
     */
    static List<PerfData> parse(String output) {
        List<PerfData> found = new ArrayList<>();
        boolean first = true;
        boolean onlyData = false;
        for (String line : GoText.trim(output).split("\n", -1)) {
            int bar = line.indexOf('|');
            if (onlyData || bar >= 0) {
                read(onlyData ? line : line.substring(bar + 1), found);
                onlyData = onlyData || !first;
            }
            first = false;
        }
        return List.copyOf(found);
    }

    private static void read(String data, List<PerfData> into) {
        int at = 0;
        while (at < data.length()) {
            if (Character.isWhitespace(data.charAt(at))) {
                at++;
                continue;
            }
            int end = end(data, at);
            add(data.substring(at, end), into);
            at = end;
        }
    }

    /** Where an item ends: at the next white space outside of quotes. */
    private static int end(String data, int from) {
        boolean quoted = false;
        for (int i = from; i < data.length(); i++) {
            char c = data.charAt(i);
            if (c == '\'') {
                quoted = !quoted;
            } else if (!quoted && Character.isWhitespace(c)) {
                return i;
            }
        }
        return data.length();
    }

    private static void add(String item, List<PerfData> into) {
        int close = item.startsWith("'") ? closing(item) : 0;
        int cut = item.indexOf('=', close);
        if (cut < 0) {
            cut = item.indexOf('=');
        }
        if (cut < 1) {
            return;
        }
        String label = unquoted(item.substring(0, cut)).strip();
        Matcher number = VALUE.matcher(item.substring(cut + 1));
        if (!label.isEmpty() && number.lookingAt()) {
            double value = Double.parseDouble(number.group(1));
            if (Double.isFinite(value)) {
                into.add(new PerfData(label.replace(' ', '_'), value, number.group(2) == null ? "" : number.group(2)));
            }
        }
    }

    /** The quote that ends a quoted label; two in a row are one of its letters. */
    private static int closing(String item) {
        int at = 1;
        while (at < item.length()) {
            if (item.charAt(at) == '\'') {
                if (at + 1 >= item.length() || item.charAt(at + 1) != '\'') {
                    return at;
                }
                at++;
            }
            at++;
        }
        return 0;
    }

    private static String unquoted(String label) {
        String inner = label.startsWith("'") ? label.substring(1) : label;
        inner = inner.endsWith("'") ? inner.substring(0, inner.length() - 1) : inner;
        return inner.replace("''", "'");
    }

    Value.Obj toValue() {
        return Value.obj("unit", Value.text(unit), "label", Value.text(label), "value", Value.num(value));
    }

    static Value list(List<PerfData> items) {
        return new Value.Arr(items.stream().<Value>map(PerfData::toValue).toList());
    }
}

package io.machineroom.domain.expression;

import org.jspecify.annotations.Nullable;

/**
 * What stands between {@code #(} and {@code )}.
 *
 * @param path its left side
 * @param operator one of {@code = != < <= > >= % !%}, or empty
 * @param operand its right side without quotes
 * @param end position behind the bracket
 */
record PathCondition(String path, String operator, String operand, int end) {
    /** Null when the bracket is not closed. */
    static @Nullable PathCondition parse(String text) {
        int depth = 1;
        int operator = -1;
        for (int i = 2; i < text.length(); i++) {
            char c = text.charAt(i);
            if (depth == 1 && operator < 0 && "!=<>%".indexOf(c) >= 0) {
                operator = i;
            } else if (c == '\\') {
                i++;
            } else if (c == '"') {
                i = PathText.quoteEnd(text, i);
            } else if (c == '[' || c == '(') {
                depth++;
            } else if ((c == ']' || c == ')') && --depth == 0) {
                return operator < 0
                        ? new PathCondition(text.substring(2, i).strip(), "", "", i + 1)
                        : compared(text.substring(2, operator).strip(), text.substring(operator, i), i + 1);
            }
        }
        return null;
    }

    private static PathCondition compared(String path, String right, int end) {
        String operator = right.substring(0, 1);
        for (String two : new String[] {"==", "!=", "!%", "<=", ">="}) {
            operator = right.startsWith(two) ? two : operator;
        }
        String operand = right.substring(operator.length()).strip();
        return new PathCondition(path, operator.equals("==") ? "=" : operator, plain(operand), end);
    }

    private static String plain(String operand) {
        boolean quoted = operand.length() > 1 && operand.startsWith("\"") && operand.endsWith("\"");
        if (!quoted) {
            return operand;
        }
        try {
            return JsonText.read(operand) instanceof io.machineroom.ports.data.Value.Text text ? text.value() : operand;
        } catch (JsonText.Malformed e) {
            // an escape that JSON does not know stays as it is
            return operand.substring(1, operand.length() - 1);
        }
    }
}

package io.machineroom.domain.watcher;

import io.machineroom.ports.PortException;
import java.util.ArrayList;
import java.util.List;

/** Splits a command into words as a shell would, and expands nothing (spec 1.12). */
final class CommandLine {
    private final String text;
    private final List<String> words = new ArrayList<>();
    private final StringBuilder word = new StringBuilder();
    private boolean inWord;
    private int at;

    private CommandLine(String text) {
        this.text = text;
    }

    /**
     * The words.
     *
     * @throws PortException.Refused {@code exec.command} when a quote or an escape does not end
     */
    static List<String> split(String text) {
        return new CommandLine(text).split();
    }

    private List<String> split() {
        while (at < text.length()) {
            char c = text.charAt(at++);
            switch (c) {
                case ' ', '\t', '\r', '\n' -> end();
                case '\'' -> quoted('\'');
                case '"' -> quoted('"');
                case '\\' -> {
                    inWord = true;
                    word.append(escaped());
                }
                case '#' -> hash();
                default -> {
                    inWord = true;
                    word.append(c);
                }
            }
        }
        end();
        return List.copyOf(words);
    }

    private void hash() {
        if (inWord) {
            word.append('#');
            return;
        }
        int line = text.indexOf('\n', at);
        at = line < 0 ? text.length() : line;
    }

    private void quoted(char quote) {
        inWord = true;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == quote) {
                return;
            }
            word.append(c == '\\' && quote == '"' ? escaped() : c);
        }
        throw new PortException.Refused("exec.command", "EOF found when expecting closing quote");
    }

    private char escaped() {
        if (at >= text.length()) {
            throw new PortException.Refused("exec.command", "EOF found after escape character");
        }
        return text.charAt(at++);
    }

    private void end() {
        if (inWord) {
            words.add(word.toString());
            word.setLength(0);
            inWord = false;
        }
    }
}

package io.machineroom.app.cli;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** What to say about a wrong command line: an option that is spelt wrongly before those that are then missing. */
public final class Misuse {
    private Misuse() {}

    /** One line, with what may have been meant. */
    public static String text(ParameterException e) {
        List<String> strangers = e.getCommandLine().getUnmatchedArguments();
        if (e instanceof UnmatchedArgumentException unmatched) {
            return stranger(unmatched);
        }
        if (e instanceof MissingParameterException && strangers.stream().anyMatch(s -> s.startsWith("-"))) {
            return stranger(new UnmatchedArgumentException(e.getCommandLine(), strangers));
        }
        return String.valueOf(e.getMessage());
    }

    private static String stranger(UnmatchedArgumentException e) {
        CommandLine at = e.getCommandLine();
        String first = e.getUnmatched().stream()
                .filter(s -> s.startsWith("-"))
                .findFirst()
                .orElse(e.getUnmatched().getFirst());
        boolean option = first.startsWith("-");
        boolean command = !option && !at.getSubcommands().isEmpty();
        String what = option ? "unknown option '" : command ? "unknown command '" : "one argument too many: '";
        List<String> meant = e.getSuggestions();
        return what + first + "'" + (meant.isEmpty() ? "" : "; did you mean " + String.join(" or ", meant) + "?");
    }
}

package io.machineroom.domain.expression;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the known name that somebody most likely meant: few edits away, neighbours swapped count as one. */
public final class Nearest {
    private static final int MOST_CHARACTERS = 64;

    private Nearest() {}

    /** The nearest of the known names; empty when none is near. */
    public static Optional<String> of(String given, Collection<String> known) {
        if (given.length() > MOST_CHARACTERS) {
            return Optional.empty();
        }
        return known.stream()
                .filter(name -> !name.isEmpty() && name.length() <= MOST_CHARACTERS)
                .min(Comparator.comparingInt((String name) -> distance(given, name))
                        .thenComparing(Comparator.naturalOrder()))
                .filter(name -> distance(given, name) <= Math.max(2, Math.min(given.length(), name.length()) / 3));
    }

    /** What to append to a message about an unknown name; empty when nothing is near. */
    public static String hint(String given, Collection<String> known) {
        return of(given, known).map(name -> "; did you mean '" + name + "'?").orElse("");
    }

    /** Edits between two names, without regard to case and to the difference between dash and underscore. */
    private static int distance(String given, String name) {
        String a = plain(given);
        String b = plain(name);
        int[][] cost = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                cost[i][j] = i == 0 ? j : j == 0 ? i : least(cost, a, b, i, j);
            }
        }
        return cost[a.length()][b.length()];
    }

    private static int least(int[][] cost, String a, String b, int i, int j) {
        int replaced = cost[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        int least = Math.min(replaced, Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
        boolean swapped = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
        return swapped ? Math.min(least, cost[i - 2][j - 2] + 1) : least;
    }

    private static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replace('-', '_');
    }
}

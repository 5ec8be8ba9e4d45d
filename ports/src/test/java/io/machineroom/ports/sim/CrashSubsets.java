package io.machineroom.ports.sim;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;

/** Which changes a power cut keeps: all subsets of a few, of many the telling ones and some drawn. */
public final class CrashSubsets {
    private static final int ALL_UP_TO = 6;

    private CrashSubsets() {}

    /** All subsets of at most six changes; of more none, all, each alone, all but each, each prefix, and drawn ones. */
    public static List<BitSet> of(int changes, int drawn, SplittableRandom random) {
        List<BitSet> out = new ArrayList<>();
        if (changes <= ALL_UP_TO) {
            for (long bits = 0; bits < 1L << changes; bits++) {
                out.add(BitSet.valueOf(new long[] {bits}));
            }
            return out;
        }
        out.addAll(few(changes));
        for (int i = 1; i < changes; i++) {
            BitSet prefix = new BitSet();
            prefix.set(0, i);
            out.add(prefix);
        }
        for (int i = 0; i < drawn; i++) {
            BitSet some = new BitSet();
            double share = random.nextDouble();
            for (int at = 0; at < changes; at++) {
                some.set(at, random.nextDouble() < share);
            }
            out.add(some);
        }
        return out;
    }

    /** None, all, each alone, all but each. */
    public static List<BitSet> few(int changes) {
        List<BitSet> out = new ArrayList<>(List.of(new BitSet()));
        BitSet all = new BitSet();
        all.set(0, changes);
        out.add(all);
        for (int i = 0; i < changes; i++) {
            BitSet one = new BitSet();
            one.set(i);
            out.add(one);
            BitSet others = (BitSet) all.clone();
            others.clear(i);
            out.add(others);
        }
        return out;
    }
}

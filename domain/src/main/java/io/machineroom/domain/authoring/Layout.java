package io.machineroom.domain.authoring;

import io.machineroom.domain.authoring.Drawing.Arrow;
import io.machineroom.domain.authoring.Drawing.Node;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;

/** Where the states of a drawing stand: columns by distance from the initial state, each ordered by its neighbours. */
record Layout(List<Box> boxes, int width, int height) {
    private static final int LETTER = 8;
    private static final int LABEL_LETTER = 7;
    private static final int GAP_BELOW = 90;
    private static final int LEAST_GAP = 70;
    private static final int MOST_GAP = 360;

    Layout {
        boxes = List.copyOf(boxes);
    }

    /** A state's place, in pixels from the top left. */
    record Box(int x, int y, int width, int height) {
        int right() {
            return x + width;
        }

        int bottom() {
            return y + height;
        }

        int middle() {
            return y + height / 2;
        }
    }

    Box box(int node) {
        return boxes.get(node);
    }

    static Layout of(Drawing drawing) {
        int[] column = columns(drawing);
        int last = Arrays.stream(column).max().orElse(0);
        Box[] boxes = new Box[drawing.nodes().size()];
        int x = 0;
        int height = 0;
        for (int c = 0; c <= last; c++) {
            int now = c;
            List<Integer> members = new ArrayList<>();
            for (int i = 0; i < column.length; i++) {
                if (column[i] == c) {
                    members.add(i);
                }
            }
            members.sort(Comparator.comparingDouble(node -> above(drawing, boxes, node)));
            int widest = members.stream()
                    .mapToInt(i -> width(drawing.nodes().get(i)))
                    .max()
                    .orElse(0);
            int y = 0;
            for (int node : members) {
                int tall = 30 + 15 * drawing.nodes().get(node).watchers().size() + 8;
                boxes[node] = new Box(x, y, widest, tall);
                y += tall + GAP_BELOW;
            }
            height = Math.max(height, y);
            x += widest + gap(drawing, column, now);
        }
        int right = Stream.of(boxes).mapToInt(Box::right).max().orElse(0);
        return new Layout(List.of(boxes), Math.max(right, drawing.title().length() * LETTER), height);
    }

    /** Room for the longest label that crosses from this column to the next. */
    private static int gap(Drawing drawing, int[] column, int from) {
        int letters = drawing.arrows().stream()
                .filter(a -> column[a.from()] == from && column[a.to()] > from)
                .mapToInt(a -> a.label().length())
                .max()
                .orElse(0);
        return Math.clamp((long) letters * LABEL_LETTER + 30, LEAST_GAP, MOST_GAP);
    }

    private static int width(Node node) {
        int letters = Stream.concat(Stream.of(node.state()), node.watchers().stream())
                .mapToInt(String::length)
                .max()
                .orElse(0);
        return Math.max(80, letters * LETTER + 24);
    }

    /** The mean height of what leads here from columns that stand already. */
    private static double above(Drawing drawing, Box[] boxes, int node) {
        return drawing.arrows().stream()
                .filter(a -> a.to() == node && boxes[a.from()] != null)
                .mapToInt(a -> boxes[a.from()].middle())
                .average()
                .orElse(node);
    }

    private static int[] columns(Drawing drawing) {
        int[] column = new int[drawing.nodes().size()];
        Arrays.fill(column, -1);
        int initial = drawing.nodes().stream().map(Node::state).toList().indexOf(drawing.initial());
        column[initial] = 0;
        Deque<Integer> next = new ArrayDeque<>(List.of(initial));
        while (!next.isEmpty()) {
            int from = next.removeFirst();
            for (Arrow arrow : drawing.arrows()) {
                if (arrow.from() == from && column[arrow.to()] < 0) {
                    column[arrow.to()] = column[from] + 1;
                    next.addLast(arrow.to());
                }
            }
        }
        // what nothing leads to stands in the first column, below
        for (int i = 0; i < column.length; i++) {
            column[i] = Math.max(0, column[i]);
        }
        return column;
    }
}

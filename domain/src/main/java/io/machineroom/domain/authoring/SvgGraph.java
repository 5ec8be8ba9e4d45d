package io.machineroom.domain.authoring;

import io.machineroom.domain.authoring.Drawing.Arrow;
import io.machineroom.domain.authoring.Drawing.Node;
import io.machineroom.domain.machine.MachineDefinition;
import java.util.List;
import java.util.Locale;

/**
 * Draws a machine as an SVG picture that stands alone: states in columns by their distance from the initial one, ways
 * ahead as straight arrows, ways back below or above as bows. No scripts, no fonts, nothing from outside. Stateless.
 */
public final class SvgGraph {
    private static final int MARGIN = 60;
    private static final String STYLE = "text{font-family:sans-serif;font-size:13px;fill:#1b2733}"
            + ".w{font-size:11px;fill:#5b6b7b}.e{font-size:11px;fill:#0b4f8a;paint-order:stroke;stroke:#fff;stroke-width:3px}"
            + ".n{fill:#f3f7fb;stroke:#3b5875;stroke-width:1.5}.i{stroke-width:3}"
            + ".a{fill:none;stroke:#7a8c9e;stroke-width:1.3}"
            + "svg{background:#fff}";

    private SvgGraph() {}

    /** The picture, as UTF-8 text. */
    public static String of(MachineDefinition machine) {
        Drawing drawing = Drawing.of(machine);
        Layout layout = Layout.of(drawing);
        StringBuilder out = new StringBuilder();
        out.append(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%1$d\" height=\"%2$d\" viewBox=\"0 0 %1$d %2$d\""
                        + " role=\"img\">%n<title>%3$s</title>%n<style>%4$s</style>%n",
                layout.width() + 2 * MARGIN,
                layout.height() + 2 * MARGIN,
                escaped(drawing.title()),
                STYLE));
        out.append(
                "<defs><marker id=\"m\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"8\" markerHeight=\"8\""
                        + " orient=\"auto\"><path d=\"M0,0 L8,4 L0,8 z\" fill=\"#7a8c9e\"/></marker></defs>\n");
        text(out, "", MARGIN / 2, 24, "start", drawing.title());
        for (int i = 0; i < drawing.arrows().size(); i++) {
            arrow(out, layout, drawing.arrows().get(i), i);
        }
        for (int i = 0; i < drawing.nodes().size(); i++) {
            node(
                    out,
                    layout.box(i),
                    drawing.nodes().get(i),
                    drawing.nodes().get(i).state().equals(drawing.initial()));
        }
        return out.append("</svg>\n").toString();
    }

    private static void node(StringBuilder out, Layout.Box box, Node node, boolean initial) {
        out.append(String.format(
                Locale.ROOT,
                "<rect class=\"n%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"10\"/>%n",
                initial ? " i" : "",
                box.x() + MARGIN,
                box.y() + MARGIN,
                box.width(),
                box.height()));
        int center = box.x() + MARGIN + box.width() / 2;
        text(out, "", center, box.y() + MARGIN + 20, "middle", node.state());
        List<String> watchers = node.watchers();
        for (int i = 0; i < watchers.size(); i++) {
            text(out, "w", center, box.y() + MARGIN + 38 + 15 * i, "middle", watchers.get(i));
        }
    }

    private static void arrow(StringBuilder out, Layout layout, Arrow arrow, int index) {
        Layout.Box from = layout.box(arrow.from());
        Layout.Box to = layout.box(arrow.to());
        if (arrow.from() == arrow.to()) {
            bow(out, new int[] {from.right() - 24, from.y(), from.right() - 4, from.y()}, -34, arrow.label());
        } else if (to.x() > from.right()) {
            straight(out, from, to, arrow.label());
        } else if (to.x() == from.x() && to.y() > from.y()) {
            side(out, from, to, arrow.label());
        } else {
            int depth = 40 + 18 * (index % 4);
            int start = from.x() + from.width() / 3;
            int end = to.x() + 2 * to.width() / 3;
            bow(out, new int[] {start, from.bottom(), end, to.bottom()}, depth, arrow.label());
        }
    }

    private static void straight(StringBuilder out, Layout.Box from, Layout.Box to, String label) {
        int[] p = {from.right(), from.middle(), to.x(), to.middle()};
        int half = (p[2] - p[0]) / 2;
        path(out, p, new int[] {p[0] + half, p[1], p[2] - half, p[3]});
        label(out, p[0] + half, (p[1] + p[3]) / 2 - 6, label);
    }

    private static void side(StringBuilder out, Layout.Box from, Layout.Box to, String label) {
        int[] p = {from.x() + from.width() / 2, from.bottom(), to.x() + to.width() / 2, to.y()};
        int half = (p[3] - p[1]) / 2;
        path(out, p, new int[] {p[0], p[1] + half, p[2], p[3] - half});
        label(out, (p[0] + p[2]) / 2, p[1] + half, label);
    }

    private static void bow(StringBuilder out, int[] p, int depth, String label) {
        int y = (depth > 0 ? Math.max(p[1], p[3]) : Math.min(p[1], p[3])) + depth;
        path(out, p, new int[] {p[0], y, p[2], y});
        label(out, (p[0] + p[2]) / 2, y - (depth > 0 ? depth / 4 : -8), label);
    }

    private static void path(StringBuilder out, int[] ends, int[] bends) {
        out.append(String.format(
                Locale.ROOT,
                "<path class=\"a\" marker-end=\"url(#m)\" d=\"M%d,%d C%d,%d %d,%d %d,%d\"/>%n",
                ends[0] + MARGIN,
                ends[1] + MARGIN,
                bends[0] + MARGIN,
                bends[1] + MARGIN,
                bends[2] + MARGIN,
                bends[3] + MARGIN,
                ends[2] + MARGIN,
                ends[3] + MARGIN));
    }

    private static void label(StringBuilder out, int x, int y, String label) {
        text(out, "e", x + MARGIN, y + MARGIN, "middle", label);
    }

    private static void text(StringBuilder out, String style, int x, int y, String anchor, String text) {
        out.append(String.format(
                Locale.ROOT,
                "<text%s x=\"%d\" y=\"%d\" text-anchor=\"%s\">%s</text>%n",
                style.isEmpty() ? "" : " class=\"" + style + "\"",
                x,
                y,
                anchor,
                escaped(text)));
    }

    /** XML text; what XML cannot hold becomes a question mark. */
    private static String escaped(String text) {
        StringBuilder out = new StringBuilder();
        text.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                default -> out.appendCodePoint(c < ' ' || c >= 0xD800 && c < 0xE000 || c > 0xFFFD ? '?' : c);
            }
        });
        return out.toString();
    }
}

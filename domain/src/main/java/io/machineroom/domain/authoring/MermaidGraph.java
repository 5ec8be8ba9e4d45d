package io.machineroom.domain.authoring;

import io.machineroom.domain.machine.MachineDefinition;
import java.util.List;

/** Draws a machine as a Mermaid state diagram. Stateless. */
public final class MermaidGraph {
    private MermaidGraph() {}

    /** The text of the diagram, with line ends. */
    public static String of(MachineDefinition machine) {
        Drawing drawing = Drawing.of(machine);
        StringBuilder out = new StringBuilder("---\ntitle: \"")
                .append(plain(drawing.title()))
                .append("\"\n---\nstateDiagram-v2\n");
        List<Drawing.Node> nodes = drawing.nodes();
        for (int i = 0; i < nodes.size(); i++) {
            out.append("    state \"").append(plain(nodes.get(i).state()));
            nodes.get(i).watchers().forEach(watcher -> out.append("<br/>").append(plain(watcher)));
            out.append("\" as s").append(i).append('\n');
            if (nodes.get(i).state().equals(drawing.initial())) {
                out.append("    [*] --> s").append(i).append('\n');
            }
        }
        for (Drawing.Arrow arrow : drawing.arrows()) {
            out.append("    s").append(arrow.from()).append(" --> s").append(arrow.to());
            out.append(" : ").append(plain(arrow.label())).append('\n');
        }
        return out.toString();
    }

    /** What means something to Mermaid becomes one of its character codes. */
    private static String plain(String text) {
        StringBuilder out = new StringBuilder();
        text.codePoints().forEach(c -> {
            if (c < ' ') {
                out.append(' ');
            } else if ("#;:\"<>&\\".indexOf(c) >= 0) {
                out.append('#').append(c).append(';');
            } else {
                out.appendCodePoint(c);
            }
        });
        return out.toString();
    }
}

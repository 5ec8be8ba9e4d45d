package io.machineroom.architecture;

import static java.util.stream.Collectors.toCollection;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** The picture in {@code docs/diagrams/modules.puml} and the poms say the same. */
final class ModuleDiagramTest {
    private static final Pattern ARROW = Pattern.compile("^\\[(.+)] (-->|\\.\\.>) \\[(.+)]$", Pattern.MULTILINE);

    private static final Pattern BOX = Pattern.compile("^\\[(.+)] <<.+>>$", Pattern.MULTILINE);

    private static final Map<String, String> FOLDERS = Map.of("examples", "docs/examples/vendor-agent");

    @Test
    void arrowsAreTheDependenciesOfThePoms() {
        TreeSet<String> drawn = picture(ARROW)
                .map(arrow -> arrow.group(1) + " " + arrow.group(2) + " " + arrow.group(3))
                .collect(toCollection(TreeSet::new));
        assertFalse(drawn.isEmpty());
        assertEquals(drawn, built());
    }

    @Test
    void everyModuleIsDrawn() {
        TreeSet<String> drawn = picture(BOX).map(box -> box.group(1)).collect(toCollection(TreeSet::new));
        TreeSet<String> modules = elements(pom(RealHouse.ROOT), "module")
                .map(Element::getTextContent)
                .map(module -> module.replace("docs/", ""))
                .collect(toCollection(TreeSet::new));
        modules.remove("architecture-tests"); // looks at all of them, and nobody at it
        assertEquals(modules, drawn);
    }

    private static SortedSet<String> built() {
        Map<String, String> boxOf = new TreeMap<>();
        picture(BOX).map(box -> box.group(1)).forEach(box -> boxOf.put(artifact(box), box));
        SortedSet<String> arrows = new TreeSet<>();
        boxOf.forEach((artifact, box) -> elements(pom(folder(box)), "dependency")
                .filter(dependency -> boxOf.containsKey(text(dependency, "artifactId")))
                .filter(dependency -> !text(dependency, "scope").equals("test"))
                .forEach(dependency -> arrows.add(box
                        + (text(dependency, "scope").equals("runtime") ? " ..> " : " --> ")
                        + boxOf.get(text(dependency, "artifactId")))));
        return arrows;
    }

    private static Path folder(String box) {
        return RealHouse.ROOT.resolve(FOLDERS.getOrDefault(box, box));
    }

    private static String artifact(String box) {
        NodeList children = pom(folder(box)).getChildNodes();
        return IntStream.range(0, children.getLength())
                .mapToObj(children::item)
                .filter(node -> node.getNodeName().equals("artifactId"))
                .findFirst()
                .orElseThrow()
                .getTextContent();
    }

    private static Stream<Matcher> picture(Pattern pattern) {
        try {
            Matcher matcher = pattern.matcher(Files.readString(RealHouse.ROOT.resolve("docs/diagrams/modules.puml")));
            return Stream.generate(() -> matcher).takeWhile(Matcher::find);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Element pom(Path module) {
        try {
            return DocumentBuilderFactory.newDefaultInstance()
                    .newDocumentBuilder()
                    .parse(module.resolve("pom.xml").toFile())
                    .getDocumentElement();
        } catch (Exception e) {
            throw new IllegalStateException("cannot read the pom in " + module, e);
        }
    }

    private static Stream<Element> elements(Element parent, String name) {
        NodeList found = parent.getElementsByTagName(name);
        return IntStream.range(0, found.getLength()).mapToObj(found::item).map(Element.class::cast);
    }

    private static String text(Element parent, String name) {
        return elements(parent, name).findFirst().map(Element::getTextContent).orElse("");
    }
}

package io.machineroom.domain.watcher;

import io.machineroom.domain.expression.Template;
import io.machineroom.ports.PortException;
import io.machineroom.ports.watcher.Properties;
import java.util.List;

/** Reads properties that are templates, so that what cannot be filled in shows when the machine is loaded. It is loaded all the same,
 * as the original does, and each use of such a text fails. */
final class Texts {
    private Texts() {}

    static String required(Properties properties, String name) {
        return checked(properties, name, properties.required(name));
    }

    static String optional(Properties properties, String name) {
        return checked(properties, name, properties.text(name).orElse(""));
    }

    static List<String> list(Properties properties, String name) {
        List<String> texts = properties.texts(name);
        texts.forEach(text -> checked(properties, name, text));
        return texts;
    }

    private static String checked(Properties properties, String name, String text) {
        try {
            if (text.contains("{{")) {
                Template.parse(text);
            }
        } catch (PortException.Refused e) {
            properties.doubt(name, String.valueOf(e.getMessage()));
        }
        return text;
    }
}

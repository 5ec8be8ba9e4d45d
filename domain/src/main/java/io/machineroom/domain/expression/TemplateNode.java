package io.machineroom.domain.expression;

import io.machineroom.ports.data.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A part of a template; positions are character offsets in its text. */
sealed interface TemplateNode {
    /** What is printed as it is. */
    record Text(String text) implements TemplateNode {}

    /** What a pipeline makes; nothing is printed when it sets variables. */
    record Output(Pipe pipe) implements TemplateNode {}

    /** One of two, by truth; {@code with} also makes the value the dot. */
    record Choice(Pipe pipe, boolean with, List<TemplateNode> yes, List<TemplateNode> no) implements TemplateNode {}

    /** Once for each item. */
    record Range(Pipe pipe, List<TemplateNode> body, List<TemplateNode> no) implements TemplateNode {}

    /** A template by its name. */
    record Invoke(int at, String name, @Nullable Pipe pipe) implements TemplateNode {}

    /** The end of a range, or of one round of it. */
    record Leave(boolean whole) implements TemplateNode {}

    /**
     * Commands, each given the value of the one before as its last argument.
     *
     * @param declares whether the variables are new ones
     */
    record Pipe(int at, List<String> variables, boolean declares, List<Command> commands) {}

    /** A function with its arguments, or a value alone. */
    record Command(int at, List<Operand> operands) {}

    /** A value, or the name of a function. */
    sealed interface Operand {
        int at();
    }

    /** As written. */
    record Literal(int at, Value value) implements Operand {}

    /** The word nil. */
    record Nil(int at) implements Operand {}

    /** Something below the dot; the dot itself without names. */
    record Dot(int at, List<String> names) implements Operand {}

    /** A variable, with its dollar sign, or something below it. */
    record Variable(int at, String name, List<String> names) implements Operand {}

    /** A function. */
    record Function(int at, String name, TemplateFunctions.Entry entry) implements Operand {}

    /** What stands in parentheses, or something below it. */
    record Nested(int at, Pipe pipe, List<String> names) implements Operand {}
}

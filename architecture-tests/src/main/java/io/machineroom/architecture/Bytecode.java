package io.machineroom.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.Instruction;
import java.lang.classfile.Label;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.ExceptionCatch;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LabelTarget;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What ArchUnit does not say about a class: sealed, monitors, handlers, generated methods. */
final class Bytecode {
    /** A compiler-written handler ends well before this many instructions. */
    private static final int HANDLER_LOOK_AHEAD = 14;

    private Bytecode() {}

    static boolean isSealed(JavaClass javaClass) {
        return model(javaClass)
                .flatMap(model -> model.findAttribute(Attributes.permittedSubclasses()))
                .isPresent();
    }

    static boolean entersMonitor(JavaClass javaClass) {
        return codes(javaClass)
                .flatMap(code -> code.elementList().stream())
                .anyMatch(element -> element instanceof Instruction i && i.opcode() == Opcode.MONITORENTER);
    }

    /** A record whose {@code toString} the compiler wrote, printing every component. */
    static boolean hasGeneratedToString(JavaClass javaClass) {
        return model(javaClass).stream()
                .flatMap(model -> model.methods().stream())
                .filter(method -> method.methodName().equalsString("toString"))
                .filter(method -> method.methodType().equalsString("()Ljava/lang/String;"))
                .flatMap(Bytecode::code)
                .flatMap(code -> code.elementList().stream())
                .anyMatch(element -> element instanceof InvokeDynamicInstruction indy
                        && indy.bootstrapMethod().owner().descriptorString().contains("ObjectMethods"));
    }

    /** A catch of Throwable that somebody wrote: not the compiler's for try-with-resources and record patterns. */
    static boolean catchesThrowable(JavaClass javaClass) {
        return codes(javaClass).anyMatch(Bytecode::catchesThrowable);
    }

    private static boolean catchesThrowable(CodeModel code) {
        List<CodeElement> elements = code.elementList();
        return code.exceptionHandlers().stream()
                .filter(handler -> handler.catchType().isPresent()
                        && handler.catchType().get().asInternalName().equals("java/lang/Throwable"))
                .map(ExceptionCatch::handler)
                .anyMatch(handler -> !isWrittenByCompiler(elements, handler));
    }

    private static boolean isWrittenByCompiler(List<CodeElement> elements, Label handler) {
        return elements.stream()
                .dropWhile(element -> !(element instanceof LabelTarget target && target.label() == handler))
                .filter(Instruction.class::isInstance)
                .limit(HANDLER_LOOK_AHEAD)
                .anyMatch(element -> switch (element) {
                    case InvokeInstruction call -> call.name().equalsString("addSuppressed");
                    case NewObjectInstruction made ->
                        made.className().asInternalName().equals("java/lang/MatchException");
                    default -> false;
                });
    }

    private static Stream<CodeModel> codes(JavaClass javaClass) {
        return model(javaClass).stream()
                .flatMap(model -> model.methods().stream())
                .flatMap(Bytecode::code);
    }

    private static Stream<CodeModel> code(MethodModel method) {
        return method.code().stream();
    }

    private static Optional<ClassModel> model(JavaClass javaClass) {
        return javaClass.getSource().map(source -> {
            try (InputStream bytes = source.getUri().toURL().openStream()) {
                return ClassFile.of().parse(bytes.readAllBytes());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }
}

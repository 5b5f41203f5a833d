package ktrace.linux.uapi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.GroupLayout;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The generated bindings against the C compiler: every size, alignment, field offset and constant. Headers that are newer
 * than the bindings' may have appended fields to a struct or put a spare one to use; what was there must still be there.
 */
class UapiLayoutTest {
    /** These follow the kernel: the mask is the complement of all flags there are. */
    private static final Set<String> GROWING = Set.of("LINUX_VERSION_MAJOR", "LINUX_VERSION_PATCHLEVEL", "FUTEX_CMD_MASK");

    private boolean sameHeaders;
    private Includes includes;

    @BeforeEach
    void readHeaders() throws IOException, InterruptedException {
        sameHeaders = CProgram.requireComparableHeaders().equals(CProgram.ofBindings());
        includes = Includes.read();
    }

    @Test
    void everySizeAndAlignmentIsThatOfC() throws ReflectiveOperationException, IOException, InterruptedException {
        Map<String, String> expressions = new LinkedHashMap<>();
        Map<String, Long> bindings = new LinkedHashMap<>();
        for (Includes.CType type : includes.types()) {
            GroupLayout layout = layout(type);
            put(expressions, bindings, "sizeof(" + type + ")", layout.byteSize());
            put(expressions, bindings, "_Alignof(" + type + ")", layout.byteAlignment());
        }

        Map<String, Long> c = evaluate(expressions, "");

        if (!sameHeaders) {
            bindings.replaceAll((what, bytes) ->
                    what.startsWith("sizeof") && c.get(what) > bytes ? c.get(what) : bytes);
        }
        assertSame(c, bindings);
    }

    @Test
    void everyFieldLiesWhereCPutsIt() throws ReflectiveOperationException, IOException, InterruptedException {
        Map<String, String> expressions = new LinkedHashMap<>();
        Map<String, Long> bindings = new LinkedHashMap<>();
        Set<String> macros = new TreeSet<>();
        for (Includes.CType type : includes.types()) {
            List<FieldWalk.Field> fields = FieldWalk.of(layout(type));
            assertTrue(!fields.isEmpty(), type + " has no fields");
            for (FieldWalk.Field field : fields) {
                if (!sameHeaders && isSpare(field.path())) {
                    continue;
                }
                put(expressions, bindings, "offsetof(" + type + ", " + field.path() + ")", field.offsetBytes());
                // A flexible array has no size in C.
                if (field.sizeBytes() > 0) {
                    put(expressions, bindings, "sizeof(((" + type + " *) 0)->" + field.path() + ")", field.sizeBytes());
                }
                macros.addAll(List.of(field.path().split("(\\[0\\])?\\.")));
            }
        }

        // signal.h defines si_pid as a path to the field of that name; here the paths are our own.
        String undefined = macros.stream().map(name -> "#undef " + name + "\n").collect(Collectors.joining());
        assertSame(evaluate(expressions, undefined), bindings);
    }

    @Test
    void everyAccessorUsesTheOffsetOfC() throws ReflectiveOperationException, IOException, InterruptedException {
        Map<String, String> expressions = new LinkedHashMap<>();
        Map<String, Long> bindings = new LinkedHashMap<>();
        for (Includes.CType type : includes.types()) {
            for (Method method : javaClass(type).getDeclaredMethods()) {
                String field = method.getName().replaceFirst("\\$offset$", "");
                if (!field.equals(method.getName()) && (sameHeaders || !isSpare(field))) {
                    put(expressions, bindings, "offsetof(" + type + ", " + field + ")", (long) method.invoke(null));
                }
            }
        }
        assertTrue(bindings.size() > 350, bindings.size() + " accessors");
        assertSame(evaluate(expressions, ""), bindings);
    }

    @Test
    void everyConstantHasTheValueOfC() throws ReflectiveOperationException, IOException, InterruptedException {
        Map<String, String> expressions = new LinkedHashMap<>();
        Map<String, Long> bindings = new LinkedHashMap<>();
        Set<String> narrow = new TreeSet<>();
        for (String name : includes.constants()) {
            if (!sameHeaders && GROWING.contains(name)) {
                continue;
            }
            Object value = constant(name);
            switch (value) {
                case Integer number -> {
                    narrow.add(name);
                    bindings.put(name, number.longValue());
                }
                case Long number -> bindings.put(name, number);
                case MemorySegment address -> bindings.put(name, address.address());
                default -> throw new AssertionError(name + " is a " + value.getClass());
            }
            expressions.put(name, "(unsigned long long) (" + name + ")");
        }

        Map<String, Long> c = evaluate(expressions, "");

        // An int of Java holds a C value that is an int or an unsigned int, and no wider one.
        c.replaceAll((name, value) ->
                narrow.contains(name) && value == Integer.toUnsignedLong(value.intValue()) ? (long) value.intValue() : value);
        assertTrue(bindings.size() > 1_000, bindings.size() + " constants");
        assertSame(c, bindings);
    }

    @Test
    void nothingIsGeneratedThatIncludesDoesNotName() throws IOException {
        Set<String> named = includes.types().stream().map(Includes.CType::className).collect(Collectors.toSet());
        try (Stream<Path> files = Files.list(Path.of("src/generated/java/ktrace/linux/uapi"))) {
            List<String> others = files.map(file -> file.getFileName().toString().replace(".java", ""))
                    .filter(name -> !named.contains(name) && !name.matches("Uapi(_\\d+|\\$shared)?")).toList();
            assertEquals(List.of(), others);
        }
        List<String> others = Stream.<Class<?>>iterate(Uapi.class, c -> c != Object.class, Class::getSuperclass)
                .flatMap(c -> Stream.of(c.getDeclaredMethods()))
                .filter(method -> Modifier.isPublic(method.getModifiers()))
                .map(Method::getName).filter(name -> !includes.constants().contains(name)).toList();
        assertEquals(List.of(), others);
    }

    private static void put(Map<String, String> expressions, Map<String, Long> bindings, String expression, long value) {
        expressions.put(expression, expression);
        bindings.put(expression, value);
    }

    /** The value of each C expression, under the same key. */
    private static Map<String, Long> evaluate(Map<String, String> expressions, String before)
            throws IOException, InterruptedException {
        List<String> keys = List.copyOf(expressions.keySet());
        String statements = keys.stream()
                .map(key -> "printf(\"%lld\\n\", (long long) (" + expressions.get(key) + "));\n")
                .collect(Collectors.joining());
        List<String> lines = CProgram.run(before + statements);
        assertEquals(keys.size(), lines.size());
        Map<String, Long> values = new LinkedHashMap<>();
        for (int i = 0; i < keys.size(); i++) {
            values.put(keys.get(i), Long.parseLong(lines.get(i)));
        }
        return values;
    }

    /** Fails with those entries alone that differ. */
    private static void assertSame(Map<String, Long> c, Map<String, Long> bindings) {
        List<String> differences = new ArrayList<>();
        bindings.forEach((what, value) -> {
            if (!value.equals(c.get(what))) {
                differences.add(what + " is " + c.get(what) + " in C, " + value + " in the bindings");
            }
        });
        assertEquals(List.of(), differences);
        assertEquals(bindings.keySet(), c.keySet());
    }

    /** Whether the kernel keeps the field for later use, and may rename it then: {@code __reserved_2}, {@code __spare3}. */
    private static boolean isSpare(String path) {
        return path.substring(path.lastIndexOf('.') + 1).matches("_*(reserved|spare|pad|glibc_reserved)\\w*");
    }

    private static GroupLayout layout(Includes.CType type) throws ReflectiveOperationException {
        return (GroupLayout) javaClass(type).getMethod("layout").invoke(null);
    }

    private static Class<?> javaClass(Includes.CType type) throws ClassNotFoundException {
        return Class.forName(Uapi.class.getPackageName() + "." + type.className());
    }

    private static Object constant(String name) throws ReflectiveOperationException {
        return Uapi.class.getMethod(name).invoke(null);
    }
}

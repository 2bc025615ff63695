package org.ashlar.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The public surface of this module equals the committed {@code api.txt}. After a deliberate change, write it anew with
 * {@code mvn -pl bundles/api test -Dapi.write=true} and have the difference reviewed.
 */
class ApiSignatureTest {
    private static final Path COMMITTED = Path.of("api.txt");
    private static final Path CLASSES = Path.of("target", "classes");

    @Test
    void thePublicSurfaceIsTheOneThatWasReviewed() throws Exception {
        String actual = surface();
        assertTrue(actual.contains("interface org.ashlar.api.process.Kernel"), "the surface is complete");
        if (Boolean.getBoolean("api.write")) {
            Files.writeString(COMMITTED, actual);
        }
        assertEquals(Files.readString(COMMITTED), actual, "the public surface changed: see the comment of this test");
    }

    private static String surface() throws Exception {
        try (Stream<Path> files = Files.walk(CLASSES)) {
            List<Class<?>> types = new ArrayList<>();
            for (Path file : files.filter(path -> path.toString().endsWith(".class")).sorted().toList()) {
                String name = CLASSES.relativize(file).toString().replace(".class", "").replace('/', '.');
                if (!name.endsWith("-info")) {
                    types.add(Class.forName(name, false, ApiSignatureTest.class.getClassLoader()));
                }
            }
            return types.stream().filter(ApiSignatureTest::visible).map(ApiSignatureTest::describe)
                    .collect(Collectors.joining("\n"));
        }
    }

    /** Whether code outside can name it. */
    private static boolean visible(Class<?> type) {
        return !type.isAnonymousClass() && !type.isLocalClass() && shown(type.getModifiers())
                && (type.getDeclaringClass() == null || visible(type.getDeclaringClass()));
    }

    private static boolean shown(int modifiers) {
        return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
    }

    private static String describe(Class<?> type) {
        List<String> lines = new ArrayList<>();
        Arrays.stream(type.getDeclaredFields()).filter(ApiSignatureTest::declared).map(ApiSignatureTest::field).forEach(lines::add);
        Arrays.stream(type.getDeclaredConstructors()).filter(ApiSignatureTest::declared).map(Constructor::toGenericString)
                .forEach(lines::add);
        Arrays.stream(type.getDeclaredMethods()).filter(ApiSignatureTest::declared).map(Method::toGenericString)
                .forEach(lines::add);
        String members = lines.stream().sorted().map(line -> "  " + line.replace(type.getName() + ".", "") + "\n")
                .collect(Collectors.joining());
        return (head(type) + "\n" + members).replace("java.lang.", "").replace("java.util.", "");
    }

    private static boolean declared(Member member) {
        return shown(member.getModifiers()) && !member.isSynthetic();
    }

    private static String head(Class<?> type) {
        StringBuilder head = new StringBuilder(type.toGenericString());
        if (type.isRecord()) {
            head.append(Arrays.stream(type.getRecordComponents()).map(RecordComponent::toString)
                    .collect(Collectors.joining(", ", "(", ")")));
        }
        if (type.getGenericSuperclass() != null && type.getSuperclass() != Object.class) {
            head.append(" extends ").append(type.getGenericSuperclass().getTypeName());
        }
        if (type.getGenericInterfaces().length > 0) {
            head.append(" : ").append(Arrays.stream(type.getGenericInterfaces()).map(Type::getTypeName)
                    .collect(Collectors.joining(", ")));
        }
        if (type.isSealed()) {
            head.append(" permits ").append(Arrays.stream(type.getPermittedSubclasses()).map(Class::getTypeName)
                    .collect(Collectors.joining(", ")));
        }
        return head.toString();
    }

    /** The value of a constant counts: the compiler copies it into whoever uses it. */
    private static String field(Field field) {
        String line = field.toGenericString();
        boolean constant = Modifier.isStatic(field.getModifiers()) && Modifier.isFinal(field.getModifiers())
                && (field.getType().isPrimitive() || field.getType() == String.class);
        if (!constant) {
            return line;
        }
        try {
            return line + " = " + field.get(null).toString().replace("\n", "\\n");
        } catch (IllegalAccessException e) {
            return line; // protected: seen by subclasses only
        }
    }
}

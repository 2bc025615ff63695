package org.ashlar.maven.component;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The binary layout follows the order of fields and cases, so the builders must say exactly what the WIT says. */
class InterfacesTest {

    private static final Path WIT = Path.of("..", "..", "wit");

    @ParameterizedTest
    @EnumSource(World.class)
    void theInterfaceIsTheOneOfTheWitFile(World world) throws IOException {
        String name = world.name().toLowerCase();
        String wit = Files.readAllLines(WIT.resolve(name).resolve("process.wit")).stream()
                .map(line -> line.replaceAll("//.*", "").trim())
                .collect(Collectors.joining(" ")).replaceAll("\\s+", " ").trim();
        String standard = wit.substring(wit.indexOf("interface standard {") + 20, wit.indexOf("} world lib"));

        assertEquals(normalized(standard), normalized(Interfaces.standard(world).toWit()));
        assertEquals("package " + world.packageName() + "@" + World.VERSION, wit.substring(0, wit.indexOf(';')));
    }

    private static String normalized(String wit) {
        return wit.replaceAll("\\s+", " ")
                .replaceAll(",? ([})])", " $1").replaceAll("\\( ", "(").replaceAll(" \\)", ")")
                .replaceAll("([;}]) ", "$1\n").trim();
    }
}

package org.ashlar.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandLineTest {

    @Test
    void optionsMayStandAnywhereAfterTheCommand() throws Exception {
        CommandLine line = CommandLine.parse(List.of("m", "--home", "/h", "our@a:b:c", "-a", "5", "{}"));
        assertEquals(List.of("our@a:b:c", "{}"), line.arguments());
        assertEquals(Optional.of("5"), line.option("a"));
        assertEquals(Optional.of("/h"), line.option("home"));
    }

    @Test
    void anOptionMayCarryItsValueBehindAnEqualsSign() throws Exception {
        assertEquals(Optional.of("/a=b"), CommandLine.parse(List.of("ps", "--home=/a=b")).option("home"));
    }

    @Test
    void afterTwoDashesEverythingIsAnArgument() throws Exception {
        CommandLine line = CommandLine.parse(List.of("m", "--", "our@a:b:c", "--json"));
        assertEquals(List.of("our@a:b:c", "--json"), line.arguments());
    }

    @Test
    void helpIsShownWhateverElseIsMissing() throws Exception {
        assertTrue(CommandLine.parse(List.of("m", "--help")).has("help"));
    }

    @ParameterizedTest(name = "\"{0}\" is told as: {1}")
    @CsvSource(delimiter = '|', value = {
            "frobnicate             | is no command",
            "ps --jason             | has no option --jason",
            "ps -json               | has no option -json",
            "m our@a:b:c            | needs ADDRESS BODY",
            "m our@a:b:c {} more    | one argument too many",
            "m our@a:b:c {} -a      | needs a value",
            "m our@a:b:c -a 1 -a 2  | given twice",
            "status --json=yes      | takes no value",
            "kill                   | needs PROCESS",
            "ps extra               | one argument too many",
    })
    void aWrongUsageIsToldInOneLine(String words, String told) {
        String message = assertThrows(CommandLine.UsageException.class,
                () -> CommandLine.parse(List.of(words.split(" +")))).getMessage();
        assertTrue(message.contains(told), message);
        assertEquals(1, message.lines().count());
    }

    @Test
    void everyCommandHasHelpThatNamesItsUsageAndOptions() {
        for (Command command : Command.ALL) {
            String help = Help.of(command);
            assertTrue(help.contains(command.usage()) && help.contains("--home DIR"), help);
            command.options().forEach(option -> assertTrue(help.contains(option.shown()), help));
            assertTrue(Help.overview().contains(command.name()), command.name());
        }
    }
}

package org.ashlar.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.ashlar.control.Invocation;
import org.junit.jupiter.api.Test;

class TableTest {

    @Test
    void columnsLineUpAndNumbersAreFlushRight() {
        Table table = new Table("NAME", "COUNT>", "NOTE");
        table.row("echo", 5, "x");
        table.row("a", 1234, "-");
        assertEquals("""
                NAME  COUNT  NOTE
                echo      5  x
                a      1234  -
                """, table.render(Invocation.Screen.PLAIN));
    }

    @Test
    void onATerminalALineIsCutAtTheEdge() {
        Table table = new Table("NAME");
        table.row("x".repeat(30));
        String row = table.render(new Invocation.Screen(true, false, false, 20)).lines().skip(1).findFirst().orElseThrow();
        assertEquals("x".repeat(19) + "…", row);
    }

    @Test
    void aValueCannotBreakTheTable() {
        Table table = new Table("NAME");
        table.row("two\nlines\u001b[31m");
        assertEquals("NAME\ntwo␊lines␛[31m\n", table.render(Invocation.Screen.PLAIN));
    }
}

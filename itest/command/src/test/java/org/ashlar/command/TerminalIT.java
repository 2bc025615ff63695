package org.ashlar.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The interactive terminal. */
class TerminalIT {
    @TempDir
    Path folder;

    @Test
    void aPersonStartsANodeTypesAndLeavesWithControlC() throws Exception {
        try (Ashlar ashlar = new Ashlar(folder); Screen screen = new Screen(ashlar, "up", "--name", "itest")) {
            screen.await("A password for the key of itest");
            screen.type("open sesame\r");
            screen.await("The same again");
            screen.type("open sesame\r");
            screen.await("The key is encrypted");
            screen.await(" 24 ");
            screen.await("Press Enter");
            screen.type("\r");
            screen.await("itest is up");
            screen.neverShows("sesame");
            screen.await("itest >");
            screen.type("statu\t\r");
            screen.await("home       " + ashlar.home());
            screen.await("key        encrypted");
            screen.type("m our@term\t'hi from here' -a 5\r");
            screen.await("terminal:terminal:sys: hi from here");
            ashlar.ok("m", "our@terminal:terminal:sys", "from elsewhere");
            screen.await("terminal:terminal:sys: from elsewhere");
            screen.type("\u0012from here\r"); // Ctrl+R finds the line again
            screen.await("terminal:terminal:sys: hi from here");
            screen.await("itest >"); // while a command runs, Ctrl+C would end that
            screen.type("\u0003");
            assertEquals(0, screen.end());
            ashlar.run("status").refused(3);
        }
    }

    @Test
    void aNodeStoppedFromElsewhereGivesTheTerminalBack() throws Exception {
        try (Ashlar ashlar = new Ashlar(folder); Screen screen = new Screen(ashlar, "up", "--name", "itest")) {
            screen.await("empty: the key is not encrypted");
            screen.type("\r");
            screen.await("whoever reads " + ashlar.home().resolve("identity/node"));
            screen.await("Press Enter");
            screen.type("\r");
            screen.await("itest >");
            ashlar.ok("down");
            screen.await("the node was stopped");
            assertEquals(0, screen.end());
        }
    }
}

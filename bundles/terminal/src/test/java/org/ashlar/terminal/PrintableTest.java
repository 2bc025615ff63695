package org.ashlar.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import org.junit.jupiter.api.Test;

class PrintableTest {

    @Test
    void ordinaryTextInAnyScriptStaysAsItIs() {
        String text = "Grüße, 你好, שלום, 🧱";
        assertEquals(text, Printable.line(text));
    }

    @Test
    void anEscapeSequenceIsShownAndDoesNothing() {
        assertEquals("␛[2J␛]0;title␇", Printable.lines("\u001b[2J\u001b]0;title\u0007"));
    }

    @Test
    void aLineCannotBeForgedInTheLog() {
        assertEquals("a␊2026-01-01 INFO all is well␍", Printable.line("a\n2026-01-01 INFO all is well\r"));
        assertEquals("a\nb\tc␍", Printable.lines("a\nb\tc\r"));
    }

    @Test
    void nothingAboveAsciiControlsTheTerminalEither() {
        for (int c = 0x80; c < 0xa0; c++) {
            assertEquals("\ufffd", Printable.lines(Character.toString(c)));
        }
    }

    @Test
    void theDirectionOfWritingCannotBeTurned() {
        assertFalse(Printable.line("pay \u202e001 ton\u202c").contains("\u202e"));
    }
}

package org.ashlar.terminal;

import io.nayuki.qrcodegen.DataTooLongException;
import io.nayuki.qrcodegen.QrCode;

/**
 * A QR code in characters: each stands for two modules, one above the other, as most fonts are twice as high as wide. Around it is
 * the quiet zone of four light modules that the standard asks for.
 */
final class QrText {
    private static final int QUIET = 4;
    /** Black on white by number: what a theme calls black and white may be neither. */
    private static final String BLACK_ON_WHITE = "\u001b[38;5;16;48;5;231m";
    private static final String PLAIN = "\u001b[0m";
    private static final String BOTH = "\u2588";
    private static final String UPPER = "\u2580";
    private static final String LOWER = "\u2584";

    private final QrCode code;

    private QrText(QrCode code) {
        this.code = code;
    }

    /** The smallest code for {@code text}: a screen is not scratched, so the lowest error correction does. */
    static QrText of(String text) throws CommandException {
        try {
            return new QrText(QrCode.encodeText(text, QrCode.Ecc.LOW));
        } catch (DataTooLongException e) {
            throw CommandException.failed("the card is too long for a QR code");
        }
    }

    /** Its width in characters, the quiet zone included. */
    int columns() {
        return code.size + 2 * QUIET;
    }

    /**
     * The lines of the code.
     *
     * @param colour it has colours of its own, so it is right on every terminal; without, the characters are drawn for its light
     *               modules, as is right where letters are light on dark
     */
    String render(boolean colour) {
        StringBuilder text = new StringBuilder();
        for (int y = -QUIET; y < code.size + QUIET; y += 2) {
            text.append(colour ? BLACK_ON_WHITE : "");
            for (int x = -QUIET; x < code.size + QUIET; x++) {
                text.append(character(code.getModule(x, y) == colour, code.getModule(x, y + 1) == colour));
            }
            text.append(colour ? PLAIN : "").append('\n');
        }
        return text.toString();
    }

    private static String character(boolean upper, boolean lower) {
        if (upper) {
            return lower ? BOTH : UPPER;
        }
        return lower ? LOWER : " ";
    }
}

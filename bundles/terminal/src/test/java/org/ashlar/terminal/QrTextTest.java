package org.ashlar.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.zxing.BinaryBitmap;
import com.google.zxing.DecodeHintType;
import com.google.zxing.RGBLuminanceSource;
import com.google.zxing.common.HybridBinarizer;
import com.google.zxing.qrcode.QRCodeReader;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a camera would see of a code in a terminal, read by another library. */
class QrTextTest {
    private static final String CARD = "alice.os ed25519:" + "0123456789abcdef".repeat(4) + " tcp://192.0.2.1:10000 ws://[2001:db8::1]:9000 sig:"
            + "fedcba9876543210".repeat(8);
    private static final int PIXELS = 6;
    private static final int BLACK = 0x000000;
    private static final int WHITE = 0xffffff;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aCameraReadsTheCardBack(boolean colour) throws Exception {
        QrText code = QrText.of(CARD);
        assertTrue(code.columns() <= 80, "a card with two addresses fits a terminal of 80 columns: " + code.columns());
        String shown = code.render(colour);
        List<String> lines = shown.replaceAll("\u001b\\[[0-9;]*m", "").lines().toList();
        assertTrue(lines.stream().allMatch(line -> line.length() == code.columns()));
        // With colours of its own letters are black on white; without, a terminal's are light on dark.
        assertEquals(CARD, read(lines, colour ? BLACK : WHITE, colour ? WHITE : BLACK));
        if (colour) {
            assertTrue(shown.lines().allMatch(line -> line.startsWith("\u001b[38;5;16;48;5;231m") && line.endsWith("\u001b[0m")));
        }
    }

    @Test
    void theQuietZoneIsLightAllAround() throws Exception {
        List<String> lines = QrText.of("x").render(true).replaceAll("\u001b\\[[0-9;]*m", "").lines().toList();
        for (String line : lines) {
            assertTrue(line.startsWith("    ") && line.endsWith("    "), line);
        }
        for (String line : List.of(lines.get(0), lines.get(1), lines.get(lines.size() - 2), lines.getLast())) {
            assertTrue(line.isBlank(), line);
        }
    }

    @Test
    void whatNoCodeHoldsIsTold() {
        assertThrows(CommandException.class, () -> QrText.of("x".repeat(3_000)));
    }

    private static String read(List<String> lines, int ink, int paper) throws Exception {
        int width = lines.getFirst().length() * PIXELS;
        int height = lines.size() * 2 * PIXELS;
        int[] pixels = new int[width * height];
        Arrays.fill(pixels, paper);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int module = y / PIXELS;
                char shown = lines.get(module / 2).charAt(x / PIXELS);
                if (shown == '\u2588' || shown == (module % 2 == 0 ? '\u2580' : '\u2584')) {
                    pixels[y * width + x] = ink;
                }
            }
        }
        return new QRCodeReader().decode(new BinaryBitmap(new HybridBinarizer(new RGBLuminanceSource(width, height, pixels))),
                Map.of(DecodeHintType.TRY_HARDER, true)).getText();
    }
}

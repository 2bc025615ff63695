package org.ashlar.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SizesTest {
    @ParameterizedTest
    @CsvSource({"0, 0 B", "999, 999 B", "1000, 1.0 KiB", "1024, 1.0 KiB", "1536, 1.5 KiB", "102400, 100 KiB", "1048576, 1.0 MiB",
        "314572800, 300 MiB", "1073741823, 1.0 GiB", "9223372036854775807, 8.0 EiB"})
    void aPersonReadsANumberOfBytes(long bytes, String shown) {
        assertEquals(shown, Sizes.human(bytes));
    }
}

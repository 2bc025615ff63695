package org.ashlar.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** The probe's component file. */
record ProbeComponent(byte[] bytes) {
    private static final Path FOLDER = Path.of(System.getProperty("probe.dir", "../probe"));
    private static final byte[] MARKER = "#ashlar-probe-start#".getBytes(StandardCharsets.US_ASCII);
    private static final int ROOM = 2048;

    static final ProbeComponent PLAIN = read("probe.wasm");
    static final ProbeComponent WASI = read("probe-wasi.wasm");

    private static ProbeComponent read(String name) {
        try {
            return new ProbeComponent(Files.readAllBytes(FOLDER.resolve(name)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same with commands that it carries out first in each run. */
    ProbeComponent startingWith(Script script) {
        byte[] commands = script.startText().getBytes(StandardCharsets.UTF_8);
        if (commands.length > ROOM) {
            throw new IllegalArgumentException("a start script has room for " + ROOM + " bytes; this one has " + commands.length);
        }
        int from = indexOfMarker();
        byte[] changed = bytes.clone();
        Arrays.fill(changed, from, from + ROOM, (byte) '\n');
        System.arraycopy(commands, 0, changed, from, commands.length);
        return new ProbeComponent(changed);
    }

    private int indexOfMarker() {
        for (int i = 0; i <= bytes.length - MARKER.length; i++) {
            if (Arrays.equals(bytes, i, i + MARKER.length, MARKER, 0, MARKER.length)) {
                return i;
            }
        }
        throw new IllegalStateException("this component has no room for a start script");
    }
}

package org.ashlar.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The rival: the same exchanges between processes of the BEAM ({@code bench/rivals/rival.erl}). Absent, it has no figures. */
final class Erlang {
    private final Path code;
    private final boolean here;

    private Erlang(Path code, boolean here) {
        this.code = code;
        this.here = here;
    }

    static Erlang find(Path root) throws IOException, InterruptedException {
        boolean here = Stream.of(System.getenv("PATH").split(":")).anyMatch(folder -> Files.isExecutable(Path.of(folder, "erlc")));
        Path code = root.resolve("bench/target");
        if (here) {
            Shell.run(Map.of(), List.of("erlc", "-o", code.toString(), root.resolve("bench/rivals/rival.erl").toString()));
        }
        return new Erlang(code, here);
    }

    boolean isHere() {
        return here;
    }

    /** What it runs as: Erlang's release. */
    String version() throws IOException, InterruptedException {
        return Shell.run(Map.of(), List.of("erl", "-noshell", "-eval",
                "io:format(\"OTP ~s\", [erlang:system_info(otp_release)]), halt().")).strip();
    }

    /** @param words a name and numbers, as for the driver. @return empty when it is not here */
    Map<String, Series> measure(String words) throws IOException, InterruptedException {
        if (!here) {
            return Map.of();
        }
        List<String> command = new ArrayList<>(List.of("erl", "-noshell", "-pa", code.toString(), "-s", "rival", "main"));
        command.addAll(List.of(words.split(" ")));
        return Series.parse(Shell.run(Map.of(), Priority.of(command)));
    }
}

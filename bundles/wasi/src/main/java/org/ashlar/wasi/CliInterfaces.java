package org.ashlar.wasi;

import java.util.Optional;

import org.ashlar.component.Result;

/** {@code wasi:cli}: surroundings, standard streams, exit; no terminal. */
final class CliInterfaces {
    private CliInterfaces() {
    }

    static void define(Interfaces<?> interfaces) {
        interfaces.in("wasi:cli/environment")
                .function("get-environment", (wasi, _) -> wasi.environment().entrySet().stream()
                        .map(variable -> new Object[] {variable.getKey(), variable.getValue()}).toList())
                .function("get-arguments", (wasi, _) -> wasi.arguments())
                .function("initial-cwd", (_, _) -> Optional.empty());
        interfaces.in("wasi:cli/exit")
                .function("exit", (_, a) -> {
                    throw new WasiExit(a.resource(0, Result.class).ok() ? 0 : 1);
                })
                .function("exit-with-code", (_, a) -> {
                    throw new WasiExit((int) a.number(0));
                });
        interfaces.in("wasi:cli/stdin").resource("input-stream", GuestInput.class)
                .function("get-stdin", (wasi, _) -> wasi.grant(new GuestInput.OfBytes(wasi.stdin())));
        interfaces.in("wasi:cli/stdout").resource("output-stream", GuestOutput.class)
                .function("get-stdout", (wasi, _) -> wasi.grant(new GuestOutput.ToSink(wasi.stdout())));
        interfaces.in("wasi:cli/stderr").resource("output-stream", GuestOutput.class)
                .function("get-stderr", (wasi, _) -> wasi.grant(new GuestOutput.ToSink(wasi.stderr())));
        defineTerminals(interfaces);
    }

    private static void defineTerminals(Interfaces<?> interfaces) {
        interfaces.in("wasi:cli/terminal-input").resource("terminal-input", TerminalInput.class);
        interfaces.in("wasi:cli/terminal-output").resource("terminal-output", TerminalOutput.class);
        interfaces.in("wasi:cli/terminal-stdin").resource("terminal-input", TerminalInput.class)
                .function("get-terminal-stdin", (_, _) -> Optional.empty());
        interfaces.in("wasi:cli/terminal-stdout").resource("terminal-output", TerminalOutput.class)
                .function("get-terminal-stdout", (_, _) -> Optional.empty());
        interfaces.in("wasi:cli/terminal-stderr").resource("terminal-output", TerminalOutput.class)
                .function("get-terminal-stderr", (_, _) -> Optional.empty());
    }

    /** Types that must exist for guests to link; none is ever handed out. */
    private enum TerminalInput { }

    private enum TerminalOutput { }
}

package org.ashlar.launcher;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.ashlar.control.Invocation;

/** Where a command is typed and its output shown. @param pipe whether the output goes to another program */
record Console(OutputStream output, boolean pipe, OutputStream errors, Invocation.Screen screen)
        implements ControlClient.Exchange {
    /** Nobody reads on what is printed, as behind {@code | head -1}: no fault, and nothing to tell. */
    static final class ReaderGoneException extends IOException {
        private static final long serialVersionUID = 1L;

        ReaderGoneException(IOException cause) {
            super(cause);
        }
    }

    /**
     * That of this process. Whether it is a terminal, the script {@code ashlar} knows: it says so in system properties
     * ({@code ashlar.terminal}: {@code in}, {@code out}, {@code pipe}; {@code ashlar.columns}), for the JDK takes long to
     * find out.
     */
    static Console ofProcess() {
        String terminal = System.getProperty("ashlar.terminal", "");
        boolean out = terminal.contains("out");
        boolean colour = out && System.getenv("NO_COLOR") == null && !"dumb".equals(System.getenv("TERM"));
        return new Console(new FileOutputStream(FileDescriptor.out), terminal.contains("pipe"),
                new FileOutputStream(FileDescriptor.err),
                out ? new Invocation.Screen(true, colour, terminal.contains("in"), Integer.getInteger("ashlar.columns", 80))
                        : Invocation.Screen.PLAIN);
    }

    int line(String text) throws IOException {
        out((text + "\n").getBytes(StandardCharsets.UTF_8));
        return Main.DONE;
    }

    void error(String text) {
        try {
            err(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            return; // nobody reads on
        }
    }

    @Override
    public void out(byte[] bytes) throws IOException {
        try {
            output.write(bytes);
            output.flush();
        } catch (IOException e) {
            throw pipe ? new ReaderGoneException(e) : e; // nothing else goes wrong with a pipe
        }
    }

    @Override
    public void err(byte[] bytes) throws IOException {
        errors.write(bytes);
        errors.flush();
    }

    /** From the terminal with the echo off; from a pipe as it comes. */
    @Override
    public String secret(String question) throws IOException {
        java.io.Console terminal = System.console();
        if (terminal == null || !terminal.isTerminal()) {
            return ask(question);
        }
        char[] typed = terminal.readPassword("%s", question);
        return typed == null ? "" : new String(typed);
    }

    @Override
    public String ask(String question) throws IOException {
        err(question.getBytes(StandardCharsets.UTF_8));
        BufferedReader reader = new BufferedReader(new InputStreamReader(System.in,
                StandardCharsets.UTF_8));
        return Optional.ofNullable(reader.readLine()).orElse("");
    }
}

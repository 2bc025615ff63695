package org.ashlar.control;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A command as it is sent to a node: already taken apart, so that a wrong usage is told without a node.
 *
 * @param command   its name
 * @param options   by name without dashes; a flag has an empty value. At most {@link #MAX_ITEMS}
 * @param arguments what is not an option, in order. At most {@link #MAX_ITEMS}
 * @param folder    the folder that relative paths start from
 * @param screen    where the output goes
 */
public record Invocation(String command, Map<String, String> options, List<String> arguments, String folder,
                         Screen screen) {
    /** The version of the protocol; a node refuses any other. */
    public static final int VERSION = 1;
    /** Most options, and most arguments, of one command. */
    public static final int MAX_ITEMS = 64;
    private static final int MAX_COLUMNS = 1000;

    /**
     * What the client shows output on.
     *
     * @param terminal standard output is a terminal
     * @param colour   colour is wanted
     * @param answers  a person can answer questions
     * @param columns  width in characters, 20 to 1000
     */
    public record Screen(boolean terminal, boolean colour, boolean answers, int columns) {
        /** A pipe or a file: plain, wide enough that nothing is cut. */
        public static final Screen PLAIN = new Screen(false, false, false, MAX_COLUMNS);

        public Screen {
            columns = Math.clamp(columns, 20, MAX_COLUMNS);
        }
    }

    public Invocation {
        options = Map.copyOf(options);
        arguments = List.copyOf(arguments);
    }

    /** A command without options or arguments, its output for a program. */
    public static Invocation of(String command) {
        return new Invocation(command, Map.of(), List.of(), "/", Screen.PLAIN);
    }

    public boolean has(String option) {
        return options.containsKey(option);
    }

    public Optional<String> option(String name) {
        return Optional.ofNullable(options.get(name));
    }

    /** The frame that carries this. @throws IOException when it would be longer than a frame may be */
    public Frame toFrame() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeByte(VERSION);
        writeText(out, command);
        writeText(out, folder);
        out.writeByte((screen.terminal ? 1 : 0) | (screen.colour ? 2 : 0) | (screen.answers ? 4 : 0));
        out.writeShort(screen.columns);
        out.writeByte(options.size());
        for (Map.Entry<String, String> option : options.entrySet()) {
            writeText(out, option.getKey());
            writeText(out, option.getValue());
        }
        out.writeByte(arguments.size());
        for (String argument : arguments) {
            writeText(out, argument);
        }
        if (bytes.size() > Frame.MAX_PAYLOAD) {
            throw new IOException("the command line has " + bytes.size() + " bytes; at most " + Frame.MAX_PAYLOAD
                    + " can be sent");
        }
        return new Frame(Frame.Kind.INVOKE, bytes.toByteArray());
    }

    /** Reads what {@link #toFrame} wrote. @throws IOException when the frame is anything else */
    public static Invocation of(Frame frame) throws IOException {
        if (frame.kind() != Frame.Kind.INVOKE) {
            throw new ProtocolException("control protocol: expected a command, found " + frame.kind());
        }
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(frame.payload()));
        int version = in.readUnsignedByte();
        if (version != VERSION) {
            throw new ProtocolException("the command speaks control protocol " + version + ", this node " + VERSION
                    + ": use the ashlar command that started it");
        }
        String command = readText(in);
        String folder = readText(in);
        int flags = in.readUnsignedByte();
        Screen screen = new Screen((flags & 1) != 0, (flags & 2) != 0, (flags & 4) != 0, in.readUnsignedShort());
        Map<String, String> options = new LinkedHashMap<>();
        for (int left = count(in); left > 0; left--) {
            options.put(readText(in), readText(in));
        }
        List<String> arguments = new ArrayList<>();
        for (int left = count(in); left > 0; left--) {
            arguments.add(readText(in));
        }
        return new Invocation(command, options, arguments, folder, screen);
    }

    private static int count(DataInputStream in) throws IOException {
        int count = in.readUnsignedByte();
        if (count > MAX_ITEMS) {
            throw new ProtocolException("control protocol: " + count + " items; at most " + MAX_ITEMS + " are read");
        }
        return count;
    }

    private static void writeText(DataOutputStream out, String text) throws IOException {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(utf8.length);
        out.write(utf8);
    }

    private static String readText(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > in.available()) {
            throw new ProtocolException("control protocol: a text of " + (length & 0xffff_ffffL) + " bytes in a frame with "
                    + in.available() + " left");
        }
        return new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }
}

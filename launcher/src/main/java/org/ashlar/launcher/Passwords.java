package org.ashlar.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/** Where a command gets passwords from: options, the environment, a person. Never from the command line itself, which all users see. */
record Passwords(CommandLine line, Console console, Map<String, String> environment) {
    /** The environment variable with the password of the node's key. */
    static final String KEY = "ASHLAR_KEY_PASSWORD";
    /** The longest password, in bytes. */
    static final int MAX = 4096;
    private static final int MAX_DESCRIPTOR = 65_535;

    /** What {@code --password-file}, {@code --password-fd} or the environment variable gives. */
    Optional<char[]> given(String variable) throws IOException, LaunchException, CommandLine.UsageException {
        if (line.has("password-file") && line.has("password-fd")) {
            throw new CommandLine.UsageException("--password-file and --password-fd exclude each other");
        }
        Optional<char[]> file = ofFile("password-file");
        if (file.isPresent()) {
            return file;
        }
        Optional<String> descriptor = line.option("password-fd");
        if (descriptor.isPresent()) {
            return Optional.of(ofDescriptor(descriptor.get()));
        }
        return Optional.ofNullable(environment.get(variable)).filter(value -> !value.isEmpty()).map(String::toCharArray);
    }

    /** What the file holds that the option names, without the line break at its end. */
    Optional<char[]> ofFile(String option) throws IOException, LaunchException {
        Optional<String> file = line.option(option);
        if (file.isEmpty()) {
            return Optional.empty();
        }
        try (InputStream in = Files.newInputStream(Path.of(file.get()))) {
            return Optional.of(read(in, "the file " + file.get()));
        }
    }

    private char[] ofDescriptor(String number) throws IOException, LaunchException, CommandLine.UsageException {
        if (!number.matches("[0-9]{1,5}") || Integer.parseInt(number) > MAX_DESCRIPTOR) {
            throw new CommandLine.UsageException("--password-fd takes the number of an open file, not \"" + number + "\"");
        }
        if (number.equals("0")) {
            return read(System.in, "standard input");
        }
        try (InputStream in = Files.newInputStream(Path.of("/dev/fd", number))) {
            return read(in, "the file descriptor " + number);
        } catch (java.nio.file.NoSuchFileException e) {
            throw new LaunchException("there is no open file " + number + " to read the password from", e);
        }
    }

    /** All of it, without the line break at its end. */
    private static char[] read(InputStream in, String what) throws IOException, LaunchException {
        byte[] bytes = in.readNBytes(MAX + 1);
        if (bytes.length > MAX) {
            throw new LaunchException(what + " is too long for a password");
        }
        try {
            String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString().replaceAll("\\R\\z", "");
            if (text.isEmpty()) {
                throw new LaunchException(what + " holds no password");
            }
            return text.toCharArray();
        } catch (CharacterCodingException e) {
            throw new LaunchException(what + " is no text in UTF-8", e);
        }
    }

    /** Asks for a password that exists. @throws LaunchException when nobody answers: {@code otherwise} */
    char[] ask(String question, String otherwise) throws IOException, LaunchException {
        if (!console.screen().answers()) {
            throw new LaunchException(otherwise);
        }
        return console.secret(question).toCharArray();
    }

    /** Asks for a new password, twice; an empty one stands for none. */
    char[] askNew(String question) throws IOException, LaunchException {
        char[] first = console.secret(question).toCharArray();
        if (first.length > 0 && !Arrays.equals(first, console.secret("The same again: ").toCharArray())) {
            throw new LaunchException("the two passwords are not the same; nothing was done");
        }
        return first;
    }
}

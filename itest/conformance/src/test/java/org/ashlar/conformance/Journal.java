package org.ashlar.conformance;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.Capability;
import org.opentest4j.AssertionFailedError;

/** What a probe has seen and done, in order. */
record Journal(List<Entry> entries) {

    static Journal parse(String text) {
        return new Journal(text.lines().map(Entry::parse).toList());
    }

    /** The entries of one kind: {@code request}, {@code response}, {@code error}, {@code awaited}, … */
    List<Entry> all(String verb) {
        return entries.stream().filter(entry -> entry.verb().equals(verb)).toList();
    }

    /** The one entry of its kind. */
    Entry only(String verb) {
        List<Entry> found = all(verb);
        if (found.size() != 1) {
            throw new AssertionFailedError("expected one entry \"" + verb + "\" but found " + found.size() + " in\n" + this);
        }
        return found.getFirst();
    }

    boolean has(String verb) {
        return !all(verb).isEmpty();
    }

    /** The bodies of all Requests received, scripts left out. */
    List<String> plainBodies() {
        return all("request").stream().map(entry -> entry.text("body")).filter(body -> !body.startsWith("!")).toList();
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        entries.forEach(entry -> text.append(entry).append('\n'));
        return text.toString();
    }

    /** One line of a journal. */
    record Entry(String verb, List<Argument> arguments) {
        private static Entry parse(String line) {
            String[] words = line.split(" ");
            List<Argument> arguments = new ArrayList<>();
            for (int i = 1; i < words.length; i++) {
                int equals = words[i].indexOf('=');
                arguments.add(equals < 0 ? new Argument(words[i], Optional.empty())
                        : new Argument(words[i].substring(0, equals), Optional.of(Percent.decode(words[i].substring(equals + 1)))));
            }
            return new Entry(words[0], arguments);
        }

        boolean flag(String name) {
            return arguments.stream().anyMatch(argument -> argument.name().equals(name));
        }

        Optional<String> find(String name) {
            return arguments.stream().filter(argument -> argument.name().equals(name)).findFirst()
                    .flatMap(Argument::value).map(bytes -> new String(bytes, StandardCharsets.UTF_8));
        }

        String text(String name) {
            return find(name).orElseThrow(() -> new NoSuchElementException("no " + name + " in: " + this));
        }

        byte[] bytes(String name) {
            return arguments.stream().filter(argument -> argument.name().equals(name)).findFirst()
                    .flatMap(Argument::value).orElseThrow(() -> new NoSuchElementException("no " + name + " in: " + this));
        }

        long number(String name) {
            return Long.parseLong(text(name));
        }

        Address address(String name) {
            return Address.parse(text(name));
        }

        List<Capability> capabilities() {
            return arguments.stream().filter(argument -> argument.name().equals("cap")).flatMap(argument -> argument.value().stream())
                    .map(bytes -> new String(bytes, StandardCharsets.UTF_8)).map(Entry::capability).toList();
        }

        private static Capability capability(String text) {
            int bar = text.indexOf('|');
            return new Capability(Address.parse(text.substring(0, bar)), text.substring(bar + 1));
        }

        @Override
        public String toString() {
            StringBuilder line = new StringBuilder(verb);
            for (Argument argument : arguments) {
                line.append(' ').append(argument.name());
                argument.value().ifPresent(value -> line.append("=\"").append(new String(value, StandardCharsets.UTF_8)).append('"'));
            }
            return line.toString();
        }
    }

    /** @param value absent in a flag */
    record Argument(String name, Optional<byte[]> value) { }
}

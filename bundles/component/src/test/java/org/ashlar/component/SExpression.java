package org.ashlar.component;

import java.util.ArrayList;
import java.util.List;

/** What conformance scripts are written in. */
sealed interface SExpression {
    /** A word, or a text between quotes. */
    record Atom(String text, boolean quoted) implements SExpression { }

    record Group(List<SExpression> items) implements SExpression {
        /** The first item, which says what the group is. */
        String head() {
            return items.isEmpty() ? "" : items.getFirst().text();
        }

        Group group(int index) {
            return (Group) items.get(index);
        }

        String text(int index) {
            return items.get(index).text();
        }

        List<SExpression> from(int index) {
            return items.subList(index, items.size());
        }
    }

    default String text() {
        return this instanceof Atom atom ? atom.text : "";
    }

    static SExpression parse(String line) {
        return new Parser(line).expression();
    }

    /** Parses one expression. */
    final class Parser {
        private final String text;
        private int position;

        private Parser(String text) {
            this.text = text;
        }

        private SExpression expression() {
            skipSpace();
            return switch (text.charAt(position)) {
                case '(' -> group();
                case '"' -> quoted();
                default -> word();
            };
        }

        private void skipSpace() {
            while (position < text.length() && Character.isWhitespace(text.charAt(position))) {
                position++;
            }
        }

        private SExpression group() {
            position++;
            List<SExpression> items = new ArrayList<>();
            for (skipSpace(); text.charAt(position) != ')'; skipSpace()) {
                items.add(expression());
            }
            position++;
            return new Group(items);
        }

        private SExpression quoted() {
            StringBuilder result = new StringBuilder();
            for (position++; text.charAt(position) != '"'; position++) {
                if (text.charAt(position) == '\\') {
                    position++;
                }
                result.append(text.charAt(position));
            }
            position++;
            return new Atom(result.toString(), true);
        }

        private SExpression word() {
            int start = position;
            while (position < text.length() && "() \t\n\"".indexOf(text.charAt(position)) < 0) {
                position++;
            }
            return new Atom(text.substring(start, position), false);
        }
    }
}

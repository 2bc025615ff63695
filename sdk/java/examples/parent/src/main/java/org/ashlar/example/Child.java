package org.ashlar.example;

import static org.ashlar.process.Process.receive;
import static org.ashlar.process.Process.reply;

import org.ashlar.process.Request;

/** Squares the one number it is given, then ends. */
final class Child {

    public static void main(String[] args) {
        while (true) {
            if (receive() instanceof Request work && work.expectsResponse().isPresent()) {
                long number = Long.parseLong(work.text());
                reply(Long.toString(number * number));
                return;
            }
        }
    }
}

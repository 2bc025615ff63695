package org.ashlar.example;

import org.ashlar.process.Process;
import org.ashlar.process.Request;

/** Answers {@code ping} with {@code pong}. */
final class Pong {

    public static void main(String[] args) {
        while (true) {
            if (Process.receive() instanceof Request request && request.text().equals("ping")) {
                Process.reply("pong");
            }
        }
    }
}

package org.ashlar.example;

import org.ashlar.process.Process;
import org.ashlar.process.Request;

/** Answers every request with its own body. */
final class Echo {

    public static void main(String[] args) {
        while (true) {
            if (Process.receive() instanceof Request request) {
                Process.response().body(request.body()).inherit().send();
            }
        }
    }
}

package org.ashlar.maven.guest;

import org.ashlar.process.Process;

/** Prints in every way there is, then fails. */
final class TalkativeGuest {

    public static void main(String[] args) {
        System.out.print("Grüße ");
        System.out.println("von " + args[0]);
        System.err.println("two\nlines");
        Process.print("time " + System.currentTimeMillis());
        double chance = Math.random();
        System.out.println(chance >= 0 && chance < 1 ? "chance" : "no chance");
        throw new IllegalStateException("enough");
    }
}

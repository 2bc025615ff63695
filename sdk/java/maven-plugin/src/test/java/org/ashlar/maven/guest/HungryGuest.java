package org.ashlar.maven.guest;

import java.util.ArrayList;
import java.util.List;

/** Takes memory until there is no more. */
final class HungryGuest {

    public static void main(String[] args) {
        List<byte[]> taken = new ArrayList<>();
        while (true) {
            taken.add(new byte[100_000]);
        }
    }
}

package org.ashlar.maven.guest;

import java.io.File;

/** Looks for a file, which a process cannot. */
final class FileGuest {

    public static void main(String[] args) {
        System.out.println(new File("here").exists());
    }
}

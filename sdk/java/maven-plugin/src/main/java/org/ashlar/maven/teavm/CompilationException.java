package org.ashlar.maven.teavm;

/** The guest's classes cannot become a WebAssembly module. */
public final class CompilationException extends Exception {

    CompilationException(String message, Throwable cause) {
        super(message, cause);
    }
}

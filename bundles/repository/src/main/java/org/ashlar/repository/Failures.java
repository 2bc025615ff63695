package org.ashlar.repository;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.List;

/** What is told when something could be read from no target. */
final class Failures {
    private Failures() { }

    /** What is most telling of several failures: damage before absence, and either before trouble with a connection. */
    static IOException of(String name, List<Exception> failures) {
        for (Exception e : failures) {
            if (e instanceof DamagedException damaged) {
                throw new DamagedException(name + ": " + damaged.getMessage(), damaged);
            }
            if (e instanceof RepositoryException told) {
                throw told;
            }
        }
        if (failures.isEmpty()) {
            return new IOException("There is no target to read " + name + " from.");
        }
        Exception first = failures.getFirst();
        boolean absent = failures.stream().allMatch(NoSuchFileException.class::isInstance);
        IOException failure = absent ? new NoSuchFileException(name) : new IOException(name + " cannot be read: " + first.getMessage(), first);
        failures.stream().skip(1).forEach(failure::addSuppressed);
        return failure;
    }
}

package org.ashlar.backup;

import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.ashlar.api.backup.Credential;
import org.ashlar.repository.RepositoryException;

/**
 * Something that takes a while: queued, then running, then done. The engine's thread writes, anybody reads.
 *
 * @see Engine#submit
 */
final class Job {
    private final long id;
    private final BooleanSupplier stopped;
    private volatile String progress = "waits for what runs before it";
    private volatile Measure measure = Measure.NONE;
    private volatile Optional<Outcome> outcome = Optional.empty();

    /** @param stopped whether it is to end as soon as it can */
    Job(long id, BooleanSupplier stopped) {
        this.id = id;
        this.stopped = stopped;
    }

    /**
     * How it ended.
     *
     * @param problem    why it failed; empty when it did not
     * @param needs      a password that was not given
     * @param credential what a target has to be told, and was not given
     */
    record Outcome(String text, Optional<String> problem, Optional<Password> needs, List<Credential.Part> credential) {
        static Outcome done(String text) {
            return new Outcome(text, Optional.empty(), Optional.empty(), List.of());
        }

        static Outcome failed(String problem) {
            return new Outcome("", Optional.of(problem), Optional.empty(), List.of());
        }

        static Outcome needs(Password password) {
            return new Outcome("", Optional.empty(), Optional.of(password), List.of());
        }

        static Outcome needs(List<Credential.Part> credential) {
            return new Outcome("", Optional.empty(), Optional.empty(), credential);
        }
    }

    /** How far it is, in bytes. @param total 0 when that is not known. @param began by {@link System#nanoTime} */
    record Measure(long done, long total, long began) {
        static final Measure NONE = new Measure(0, 0, 0);
    }

    /** Which password is wanted. */
    enum Password {
        /** One for backups that begin now. */
        FRESH,
        /** That of the backups that are there. */
        EXISTING,
        /** One more, or another, for backups that are there. */
        NEW
    }

    /** The work of a job. */
    interface Work {
        /** @return what to tell a person */
        String run(Job job) throws Exception;
    }

    /** A password is needed and was not given. */
    static final class PasswordNeeded extends Exception {
        private static final long serialVersionUID = 1L;
        final Password which;

        PasswordNeeded(Password which) {
            super(switch (which) {
                case FRESH -> "backups need a password";
                case EXISTING -> "the password of the backups is needed";
                case NEW -> "a new password is needed";
            });
            this.which = which;
        }
    }

    /** A target needs a credential that was not given. */
    static final class CredentialNeeded extends Exception {
        private static final long serialVersionUID = 1L;
        final transient List<Credential.Part> parts;

        CredentialNeeded(List<Credential.Part> parts) {
            super("the target needs a credential");
            this.parts = parts;
        }
    }

    long id() {
        return id;
    }

    /** Says how far it is, in a few words. @throws RepositoryException when it is to end: so it lets go of its lock */
    void progress(String words) {
        if (stopped.getAsBoolean()) {
            throw new RepositoryException("Backups are being replaced or stopped; what was stored so far is used by the next run.");
        }
        measure = Measure.NONE;
        progress = words;
    }

    /** Says in bytes, too, how far it is. @param total 0 when that is not known */
    void progress(String words, long done, long total) {
        Measure before = measure;
        progress(words);
        measure = new Measure(done, total, before.began() == 0 || before.done() > done ? System.nanoTime() : before.began());
    }

    Measure measure() {
        return measure;
    }

    /** For people, in one line. */
    String progress() {
        Measure now = measure;
        return now.began() == 0 ? progress : Words.progress(progress, now.done(), now.total(), System.nanoTime() - now.began());
    }

    Optional<Outcome> outcome() {
        return outcome;
    }

    void end(Outcome how) {
        outcome = Optional.of(how);
    }
}

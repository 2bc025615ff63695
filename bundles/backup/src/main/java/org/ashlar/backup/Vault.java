package org.ashlar.backup;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Supplier;
import org.ashlar.repository.Options;
import org.ashlar.repository.Repository;
import org.ashlar.repository.RepositoryException;

/**
 * The repository, once its password was given, and the password where the user chose to keep it: {@code <home>/backup/password}, which
 * the owner alone may read. For the engine's thread alone, but for {@link #isOpen} and {@link #isKept}.
 */
final class Vault implements AutoCloseable {
    private final Path file;
    private final Targets targets;
    private final Ledger ledger;
    private final Supplier<Options> options;
    private volatile Optional<Repository> open = Optional.empty();

    Vault(Path folder, Targets targets, Ledger ledger, Supplier<Options> options) {
        this.file = folder.resolve("password");
        this.targets = targets;
        this.ledger = ledger;
        this.options = options;
    }

    boolean isOpen() {
        return open.isPresent();
    }

    boolean isKept() {
        return Files.exists(file);
    }

    /** The repository, opened with {@code password} or the one that is kept when it is not open. */
    Repository repository(Optional<char[]> password) throws IOException, Job.PasswordNeeded {
        if (targets.all().isEmpty()) {
            throw new RepositoryException("There is no target; add one with: ashlar backup add FOLDER");
        }
        if (open.isEmpty()) {
            Optional<char[]> known = password.isPresent() ? password : kept();
            if (known.isEmpty()) {
                throw new Job.PasswordNeeded(Job.Password.EXISTING);
            }
            Repository repository = Repository.open(targets.replicas(), known.get(), options.get());
            accept(repository);
        }
        open.get().refresh();
        return open.get();
    }

    /** Opens the one that lies on the targets, or makes one where there is none. */
    Repository openOrCreate(Optional<char[]> password) throws IOException, Job.PasswordNeeded {
        if (open.isEmpty() && !Repository.exists(targets.replicas())) {
            if (ledger.repository().isPresent()) {
                throw new RepositoryException("The backups of this node lie on a target that is not there now, and this one is empty. Bring that"
                        + " one back first, so that both get the same backups; or forget it with: ashlar backup remove NAME");
            }
            char[] fresh = password.orElseThrow(() -> new Job.PasswordNeeded(Job.Password.FRESH));
            accept(Repository.create(targets.replicas(), fresh, options.get()));
        }
        return repository(password);
    }

    /** Who gives a password, though the backups are open, is to find out that it is another. @throws RepositoryException when it is */
    void check(Optional<char[]> password) throws IOException {
        if (open.isPresent() && password.isPresent()) {
            open.get().keyOf(password.get());
        }
    }

    private void accept(Repository repository) throws IOException {
        Optional<String> known = ledger.repository();
        if (known.isPresent() && !known.get().equals(repository.id().toString())) {
            repository.close();
            throw new RepositoryException("The target holds other backups than those of this node so far. Nothing was changed; name an"
                    + " empty place, or forget the old targets first with: ashlar backup remove NAME");
        }
        ledger.repository(repository.id().toString());
        open = Optional.of(repository);
    }

    /** Whether it is this one that is kept. */
    boolean isKept(char[] password) throws IOException {
        return kept().map(kept -> Arrays.equals(kept, password)).orElse(false);
    }

    /** The password that is kept, if one is. */
    Optional<char[]> kept() throws IOException {
        return PrivateFile.read(file).map(bytes -> {
            CharBuffer text = StandardCharsets.UTF_8.decode(ByteBuffer.wrap(bytes));
            char[] password = Arrays.copyOf(text.array(), text.limit());
            Arrays.fill(bytes, (byte) 0);
            return password;
        });
    }

    /** Keeps a password that has opened the repository. */
    void keep(char[] password) throws IOException {
        ByteBuffer bytes = StandardCharsets.UTF_8.encode(CharBuffer.wrap(password));
        PrivateFile.write(file, Arrays.copyOf(bytes.array(), bytes.limit()));
    }

    /** Forgets what is kept, and closes. */
    void forget() throws IOException {
        PrivateFile.delete(file);
        close();
    }

    @Override
    public void close() {
        open.ifPresent(Repository::close);
        open = Optional.empty();
    }
}

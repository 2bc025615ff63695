package org.ashlar.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Optional;
import org.ashlar.repository.Options;
import org.ashlar.repository.Replicas;
import org.ashlar.repository.Repository;
import org.ashlar.repository.RepositoryException;
import org.junit.jupiter.api.Test;

/** Several passwords may open the backups, and there is always one that does. */
class PasswordsTest extends BackedUpNode {
    private boolean opens(String password) throws IOException {
        try (Replicas alone = Replicas.of(first)) {
            Repository.open(alone, password.toCharArray(), Options.here(temporary)).close();
            return true;
        } catch (RepositoryException e) {
            return false;
        }
    }

    private Job password(String arguments) throws Exception {
        return submit("Password", arguments);
    }

    @Test
    void aPasswordIsAddedChangedAndRemovedAndTheOneThatIsKeptFollows() throws Exception {
        engine.targets().attach("first", "", first);
        create();
        engine.vault().keep("password".toCharArray());
        assertEquals(Optional.of(Job.Password.EXISTING), ended(password("{\"what\":\"change\"}")).needs());
        assertEquals(Optional.of(Job.Password.NEW), ended(password("{\"what\":\"change\",\"password\":\"password\"}")).needs());
        String wrong = ended(password("{\"what\":\"change\",\"password\":\"guess\",\"newPassword\":\"x\"}")).problem().orElse("");
        assertTrue(wrong.contains("opens none"), wrong);

        done(password("{\"what\":\"add\",\"password\":\"password\",\"newPassword\":\"second\"}"));
        assertTrue(opens("password") && opens("second"));
        assertEquals("password", Files.readString(home.resolve("backup/password")));

        done(password("{\"what\":\"change\",\"password\":\"password\",\"newPassword\":\"third\"}"));
        assertFalse(opens("password"));
        assertTrue(opens("second") && opens("third"));
        assertEquals("third", Files.readString(home.resolve("backup/password")));
        done(submit("Now", "{}"));

        String[] keys = done(password("{\"what\":\"list\"}")).lines().skip(1).map(line -> line.split(" ")[0]).toArray(String[]::new);
        assertEquals(2, keys.length);
        int removed = 0;
        for (String key : keys) {
            Job.Outcome outcome = ended(password("{\"what\":\"remove\",\"key\":\"" + key + "\"}"));
            removed += outcome.problem().isEmpty() ? 1 : 0;
        }
        assertEquals(1, removed, "the one that is kept stays");
        assertTrue(opens("third") && !opens("second"));
    }

    @Test
    void theLastPasswordStaysAndNoneGoesWhileATargetIsAway() throws Exception {
        engine.targets().attach("first", "", first);
        engine.targets().attach("second", "", second);
        create();
        done(submit("Now", "{}"));
        try (Replicas alone = Replicas.of(first); Repository repository = Repository.open(alone, "password".toCharArray(), Options.here(temporary))) {
            RepositoryException last = assertThrows(RepositoryException.class, () -> repository.removePassword(repository.keys().getFirst().id()));
            assertTrue(last.getMessage().contains("only password"), last.getMessage());
        }
        engine.targets().detach(second);
        String away = ended(password("{\"what\":\"change\",\"password\":\"password\",\"newPassword\":\"x\"}")).problem().orElse("");
        assertTrue(away.contains("every target is there"), away);
        assertTrue(opens("password") && !opens("x"));
    }

    @Test
    void noneIsRemovedWhileATargetIsAwayThatWouldBringItBack() throws Exception {
        engine.targets().attach("first", "", first);
        engine.targets().attach("second", "", second);
        create();
        done(password("{\"what\":\"add\",\"password\":\"password\",\"newPassword\":\"second\"}"));
        done(submit("Now", "{}"));
        engine.targets().detach(second);
        String key = done(password("{\"what\":\"list\"}")).lines().skip(2).findFirst().orElseThrow().split(" ")[0];
        String away = ended(password("{\"what\":\"remove\",\"key\":\"" + key + "\"}")).problem().orElse("");
        assertTrue(away.contains("every target is there"), away);
        assertTrue(opens("password") && opens("second"));
    }

    @Test
    void oneThatDoesNotOpenTheBackupsIsNotKeptAndNotTakenForANewTarget() throws Exception {
        engine.targets().attach("first", "", first);
        create();
        String wrong = ended(submit("Now", "{\"password\":\"guess\",\"keepPassword\":true}")).problem().orElse("");
        assertTrue(wrong.contains("opens none"), wrong);
        assertFalse(engine.vault().isKept(), "or there would be no backups after the next start");
        done(submit("Now", "{\"password\":\"password\",\"keepPassword\":true}"));
        assertEquals("password", Files.readString(home.resolve("backup/password")));
    }

    @Test
    void keysAreRemovedThoughWhatIsKeptOpensNothingAnyMore() throws Exception {
        engine.targets().attach("first", "", first);
        create();
        done(password("{\"what\":\"add\",\"password\":\"password\",\"newPassword\":\"second\"}"));
        engine.vault().keep("former".toCharArray());
        String key = done(password("{\"what\":\"list\"}")).lines().skip(2).findFirst().orElseThrow().split(" ")[0];
        done(password("{\"what\":\"remove\",\"key\":\"" + key + "\"}"));
        assertTrue(opens("password") != opens("second"));
    }
}

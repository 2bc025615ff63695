package org.ashlar.backup;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A page to print and keep: where the backups of a node are, and how to bring it back on an empty machine. There is room to write the secrets,
 * and none of them is on it.
 *
 * @param repository digits that name the backups, on every target
 */
record RecoverySheet(String node, Optional<String> repository, List<Place> places, Instant now) {
    private static final String BLANK = "_".repeat(60);

    /** @param questions what has to be told there before anything can be read */
    record Place(String name, String location, List<String> questions) { }

    /** @throws IOException when there are no backups yet */
    String text() throws IOException {
        if (repository.isEmpty() || places.isEmpty()) {
            throw new IOException("there are no backups yet; begin with: ashlar backup add PLACE");
        }
        StringBuilder text = new StringBuilder("""
                RECOVERY SHEET of the node %s
                as of %s; print a new one when a place is added or removed

                Whoever has this sheet, filled in, can read all that is in the node. Keep it as you keep a key, and not where the machine is.

                The password of the backups. Without it nobody can read them:

                    %s

                The backups, number %s, are in each of these places; one of them is enough:

                """.formatted(Words.line(node), Words.minute(now), BLANK, repository.get().substring(0, Math.min(16, repository.get().length()))));
        for (Place place : places) {
            text.append("  ").append(Words.line(place.name())).append("\n    ").append(Words.line(place.location())).append('\n');
            place.questions().forEach(question -> text.append("    ").append(Words.line(question)).append(":\n\n    ").append(BLANK).append('\n'));
            text.append('\n');
        }
        return text.append("""
                The password of the node itself, if its key has one: %s

                On an empty machine:

                  1. Install Java 25 and Ashlar.
                  2. Make one of the places reachable: connect the disk, or see that the network leads there. A disk may have another path now; then
                     name that.
                  3. Bring the node back into a new folder. It asks for the password, and for what the place wants to know:

                       ashlar restore --from %s --home NEW

                     If something there is damaged, name several places, with a line break between them.
                  4. If the old machine still runs, stop its node: two copies of one node must not run.
                  5. Start it:

                       ashlar up --home NEW

                  6. Look at what is in NEW/deploy.restored: bundles that were deployed, and do not start until you move them to NEW/deploy.
                  7. Add the places again if they have changed, and see how the backups stand:

                       ashlar backup status --home NEW

                Without Ashlar: the backups are a repository of restic (https://restic.net), version 2; "restic restore latest" reads them.
                """.formatted(BLANK.substring(0, 20), Words.line(places.getFirst().location()))).toString();
    }
}

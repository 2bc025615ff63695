package org.ashlar.repository;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Says that packs are of no use any more and may be deleted later. They are in no index file then, so that nothing new refers to
 * them; other programs see packs that nobody refers to.
 */
record Mark(Stamp time, List<Id> packs) {
    /** Most packs in one. */
    static final int MAX = Document.MAX_ITEMS;

    static Mark parse(byte[] json) {
        Document document = Document.parse("mark", json);
        return new Mark(Stamp.parse(document.text("time")), document.texts("packs").stream().map(Id::parse).toList());
    }

    byte[] json() {
        return Document.write(json -> {
            json.writeStringField("time", time.toString());
            json.writeArrayFieldStart("packs");
            for (Id pack : packs) {
                json.writeString(pack.toString());
            }
            json.writeEndArray();
        });
    }

    static Mark load(Repository repository, Id id) throws IOException {
        return parse(repository.loadUnpacked(FileKind.MARK, id));
    }

    /** All packs that are marked. */
    static Set<Id> marked(Repository repository) throws IOException {
        Set<Id> marked = new HashSet<>();
        for (Id id : repository.ids(FileKind.MARK)) {
            try {
                marked.addAll(load(repository, id).packs());
            } catch (NoSuchFileException | DamagedException e) {
                // Then its packs are marked again by the next prune.
            }
        }
        return marked;
    }
}
